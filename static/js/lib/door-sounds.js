// A tone for each result, so that a host can look at the guest and not at the phone; each differs in rhythm and pitch.

// [Hz, seconds] in their order; 0 Hz is silence. The second list is for navigator.vibrate, in ms.
const TONES = {
  good: [[[784, 0.09], [1175, 0.16]], [60]],
  back: [[[660, 0.09], [440, 0.14]], [30, 40, 30]],
  again: [[[440, 0.1], [0, 0.06], [440, 0.1], [0, 0.06], [440, 0.1]], [80, 60, 80, 60, 80]],
  notYet: [[[523, 0.12], [494, 0.12], [523, 0.2]], [150, 80, 150]],
  wrong: [[[311, 0.18], [208, 0.35]], [300]],
  off: [[[262, 0.14], [0, 0.05], [196, 0.14], [0, 0.05], [147, 0.3]], [120, 60, 120, 60, 240]],
  unknown: [[[175, 0.5]], [500]],
};
const OF = {
  checked_in: "good",
  undone: "back",
  not_in: "back",
  already_in: "again",
  conflict: "again",
  not_going: "notYet",
  later: "notYet",
  unsure: "notYet",
  wrong_event: "wrong",
  refused: "wrong",
  cancelled: "off",
  unknown: "unknown",
};
const LOUDNESS = 0.25;

let context = null;

/** Browsers let a page sound only after a touch: call it in one. */
export function wakeSounds() {
  context ??= window.AudioContext ? new AudioContext() : null;
  context?.resume();
}

export function soundOf(result) {
  return TONES[OF[result]] ?? null;
}

export function play(result) {
  const sound = soundOf(result);
  if (!sound) return;
  const [tones, shakes] = sound;
  navigator.vibrate?.(shakes);
  if (!context) return;
  let at = context.currentTime;
  for (const [frequency, seconds] of tones) {
    if (frequency) beep(frequency, at, seconds);
    at += seconds;
  }
}

function beep(frequency, at, seconds) {
  const tone = new OscillatorNode(context, { frequency, type: "triangle" });
  const volume = new GainNode(context, { gain: 0 });
  volume.gain.setValueAtTime(0, at);
  volume.gain.linearRampToValueAtTime(LOUDNESS, at + 0.01);
  volume.gain.setValueAtTime(LOUDNESS, at + seconds - 0.02);
  volume.gain.linearRampToValueAtTime(0, at + seconds); // without it each tone ends in a click
  tone.connect(volume).connect(context.destination);
  tone.start(at);
  tone.stop(at + seconds);
}
