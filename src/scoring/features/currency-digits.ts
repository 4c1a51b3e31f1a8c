const USUAL = 2;

function digitsOf(currency: string): number {
  return (
    new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ??
    USUAL
  );
}

/** The currencies (ISO 4217) whose minor unit is not a hundredth, and how many digits it has. */
export const UNUSUAL_DIGITS: ReadonlyMap<string, number> = new Map(
  Intl.supportedValuesOf('currency')
    .map((currency) => [currency, digitsOf(currency)] as const)
    .filter(([, digits]) => digits !== USUAL),
);
