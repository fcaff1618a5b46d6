let context: AudioContext | undefined;

/** Two soft tones for a message that arrives while nobody looks (A7). A browser that refuses is left alone. */
export function useChime() {
  const { sound } = usePreferences();

  function play(): void {
    if (!sound.value || document.hasFocus()) return;
    void ring().catch(() => undefined);
  }

  return { play, ring };
}

async function ring(): Promise<void> {
  context ??= new AudioContext();
  if (context.state === 'suspended') await context.resume();
  const start = context.currentTime;
  for (const [index, frequency] of [659.25, 880].entries()) {
    const at = start + index * 0.11;
    const tone = context.createOscillator();
    const volume = context.createGain();
    tone.frequency.value = frequency;
    volume.gain.setValueAtTime(0, at);
    volume.gain.linearRampToValueAtTime(0.12, at + 0.012);
    volume.gain.exponentialRampToValueAtTime(0.0001, at + 0.32);
    tone.connect(volume).connect(context.destination);
    tone.start(at);
    tone.stop(at + 0.34);
  }
}
