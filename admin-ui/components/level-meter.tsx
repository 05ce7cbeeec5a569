/** How loud the microphone is. */
import { microphoneLevel } from '../phone/browser-media.ts';

export function LevelMeter() {
  return (
    <label class="level">
      <span>Microphone</span>
      <meter min={0} max={1} value={microphoneLevel.value} />
    </label>
  );
}
