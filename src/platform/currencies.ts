const USUAL_DIGITS = 2;

/** ISO 4217: digits of the minor unit, for currencies that do not have two. */
export const UNUSUAL_DIGITS: ReadonlyMap<string, number> = new Map([
  ...digits(0, 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'),
  ...digits(3, 'BHD IQD JOD KWD LYD OMR TND'),
  ...digits(4, 'CLF UYW'),
]);

/**
 * The active codes of ISO 4217, without those that have no minor unit, such as gold and special drawing rights: no amount could be
 * sent in them. We keep our own table because Intl's digits follow everyday use and change between versions.
 */
const ACTIVE = `
  AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW CLF CLP CNY
  COP COU CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD
  IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN
  MXV MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD
  SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD USN UYI UYU UYW UZS VED VES VND VUV WST XAD XAF XCD XCG XOF
  XPF YER ZAR ZMW ZWG`;

/** Withdrawn since 2021, but historical data may still use them. */
const WITHDRAWN = 'ANG BGN CUC HRK SLL ZWL';

const CURRENCIES = new Set([...codes(ACTIVE), ...codes(WITHDRAWN)]);

export function isCurrency(code: string): boolean {
  return CURRENCIES.has(code);
}

/** Number of decimal places of a currency's amounts. */
export function minorDigits(currency: string): number {
  return UNUSUAL_DIGITS.get(currency) ?? USUAL_DIGITS;
}

function digits(count: number, list: string): [string, number][] {
  return codes(list).map((code) => [code, count]);
}

function codes(list: string): string[] {
  return list.trim().split(/\s+/);
}
