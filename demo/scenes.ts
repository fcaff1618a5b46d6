import { readFileSync } from 'node:fs';

/** One message of a scene: a person's key, or A, B, C … for whoever is there. */
export type SceneLine = { who: string; text: string };
export type Scene = readonly SceneLine[];
export type RoomScenes = {
  /** May be played at any time, and more than once. */
  any: Scene[];
  /** What was said last, in this order, by the people who are named. */
  today: Scene[];
};

const speaker = /^([A-D]|[a-z]+): /;

export function readScenes(name: string): RoomScenes {
  return parseScenes(readFileSync(new URL(`./scenes/${name}.txt`, import.meta.url), 'utf8'));
}

/** Scenes are divided by `---`; a line without a speaker belongs to the message before it. */
export function parseScenes(text: string): RoomScenes {
  const [any = '', today = ''] = text.split(/^=== today\n/m);
  return { any: parseAll(any), today: parseAll(today) };
}

function parseAll(text: string): Scene[] {
  const scenes = text.split(/^---\n/m).map((scene) => scene.trim());
  return scenes.filter((scene) => scene !== '').map(parseScene);
}

function parseScene(text: string): Scene {
  const lines: SceneLine[] = [];
  for (const line of text.split('\n')) {
    const [prefix, who] = speaker.exec(line) ?? [];
    const last = lines.at(-1);
    if (prefix !== undefined && who !== undefined) lines.push({ who, text: line.slice(prefix.length) });
    else if (last !== undefined) last.text += `\n${line}`;
    else throw new Error(`nobody says “${line}”`);
  }
  return lines.map(({ who, text: said }) => ({ who, text: said.trim() }));
}

/** Single remarks, one a line. */
export function readRemarks(name: string): string[] {
  const text = readFileSync(new URL(`./scenes/${name}.txt`, import.meta.url), 'utf8');
  return text.split('\n').filter((line) => line !== '');
}
