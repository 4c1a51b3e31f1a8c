import { Injectable } from '@nestjs/common';
import { DomainError } from '../errors.js';
import { Settings } from '../settings.js';
import { TokenBuckets } from './token-buckets.js';

/** Share of a minute's requests that may arrive at once. */
const BURST_SHARE = 1 / 6;
/** Once an address has used up its failures, unknown keys from it are looked up only this often. */
const LOOK_UPS_PER_SECOND = 2;
const LOOK_UP_BURST = 5;

/** Rate limits: requests per key, and rejected keys per address. */
@Injectable()
export class RequestLimits {
  private readonly requests: TokenBuckets;
  private readonly failures: TokenBuckets;
  private readonly lookUps = new TokenBuckets(LOOK_UP_BURST, LOOK_UPS_PER_SECOND);

  constructor({ requestsPerMinute, failedKeysPerMinute }: Settings) {
    this.requests = new TokenBuckets(Math.ceil(requestsPerMinute * BURST_SHARE), requestsPerMinute / 60);
    this.failures = new TokenBuckets(failedKeysPerMinute, failedKeysPerMinute / 60);
  }

  countRequest(keyId: string): void {
    const waitS = this.requests.take(keyId);
    if (waitS > 0) throw limited('This API key sends too many requests', waitS);
  }

  /** Throws 429 once the address has used up its failures and lookups. */
  expectLookUp(address: string): void {
    if (this.failures.wait(address) === 0) return;
    const waitS = this.lookUps.take(address);
    if (waitS > 0) throw tooManyFailures(waitS);
  }

  /** The error to throw instead of `refusal`, the response to a rejected key. */
  countFailure(address: string, refusal: DomainError): DomainError {
    const waitS = this.failures.take(address);
    return waitS === 0 ? refusal : tooManyFailures(waitS);
  }
}

const tooManyFailures = (waitS: number): DomainError =>
  limited('Too many API keys from this address were not accepted', waitS);

const limited = (detail: string, waitS: number): DomainError =>
  new DomainError('rate_limited', 429, detail, { headers: { 'Retry-After': String(waitS) } });
