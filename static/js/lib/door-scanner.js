// Reads QR codes from the camera with the browser's own detector; where there is none, hosts type the code.

const LOOK_EVERY = 120;
const SAME_AGAIN = 4_000; // a ticket held before the camera is one scan

export class Scanner {
  constructor(video, onCode) {
    Object.assign(this, { video, onCode, last: "", lastAt: 0, stream: null });
  }

  /** Whether this browser has a camera for pages, and reads QR codes. */
  static async isPossible() {
    if (!("BarcodeDetector" in window) || !navigator.mediaDevices?.getUserMedia) return false;
    return (await BarcodeDetector.getSupportedFormats()).includes("qr_code");
  }

  /** Raises what getUserMedia raises: no camera, or not allowed. */
  async start() {
    this.stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" }, audio: false });
    this.video.srcObject = this.stream;
    await this.video.play();
    const detector = new BarcodeDetector({ formats: ["qr_code"] });
    this.#look(detector, this.stream);
  }

  stop() {
    for (const track of this.stream?.getTracks() ?? []) track.stop();
    this.stream = null;
    this.video.srcObject = null;
  }

  async #look(detector, stream) {
    while (this.stream === stream) {
      try {
        const [found] = await detector.detect(this.video);
        if (found) this.see(found.rawValue, Date.now());
      } catch {
        // A frame that cannot be read: the next one may be.
      }
      await new Promise((then) => setTimeout(then, LOOK_EVERY));
    }
  }

  /** A code was seen; the same one only counts again after it was out of sight for a while. */
  see(code, now) {
    const isNew = code !== this.last || now - this.lastAt > SAME_AGAIN;
    this.last = code;
    this.lastAt = now;
    if (isNew) this.onCode(code);
  }
}
