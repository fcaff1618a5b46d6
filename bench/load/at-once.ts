/** Makes `count` of something, at most so many at once; the results stand in the order of their numbers. */
export async function makeAll<Result>(
  count: number,
  atOnce: number,
  make: (number: number) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  let next = 0;
  const makeSome = async () => {
    for (let number = next++; number < count; number = next++) results[number] = await make(number);
  };
  await Promise.all(Array.from({ length: atOnce }, makeSome));
  return results;
}
