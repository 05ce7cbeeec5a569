/** The twelve keys of a telephone; the keyboard's own keys work too while one has the focus. */

const DIGITS = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '0', '#'] as const;

export function Keypad({ onDigit }: { readonly onDigit: (digit: string) => void }) {
  const onKey = (event: KeyboardEvent) => {
    if ((DIGITS as readonly string[]).includes(event.key)) onDigit(event.key);
  };
  return (
    <details class="keys">
      <summary>Keypad</summary>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset would be read as a form's */}
      <div class="keypad" role="group" aria-label="Keypad" onKeyDown={onKey}>
        {DIGITS.map((digit) => (
          <button key={digit} type="button" onClick={() => onDigit(digit)}>
            {digit}
          </button>
        ))}
      </div>
    </details>
  );
}
