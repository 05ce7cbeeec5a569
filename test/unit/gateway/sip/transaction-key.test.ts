import { describe, expect, test } from '@jest/globals';
import {
  cancelledKeyOf,
  clientKey,
  clientKeyOf,
  isRfc3261Branch,
  mergeKeyOf,
  serverKeyOf,
} from '../../../../gateway/sip/transaction-key.ts';
import { request, response } from './requests.ts';

describe('transaction keys (RFC 3261 §17.1.3, §17.2.3)', () => {
  test('are the same for a retransmission and its ACK, and differ by method, branch and sent-by', () => {
    const invite = serverKeyOf(request());
    expect(serverKeyOf(request({ method: 'ACK' }))).toBe(invite);
    expect(cancelledKeyOf(request({ method: 'CANCEL' }))).toBe(invite);
    for (const other of [
      { method: 'CANCEL' },
      { branch: 'z9hG4bKtwo' },
      { via: 'SIP/2.0/UDP 192.0.2.1:5061;branch=z9hG4bKone' },
    ]) {
      expect(serverKeyOf(request(other))).not.toBe(invite);
    }
  });

  test('of an RFC 2543 peer are made of what stays the same', () => {
    const via = 'SIP/2.0/UDP 192.0.2.1';
    const invite = serverKeyOf(request({ via }));
    expect(serverKeyOf(request({ via, method: 'ACK', to: '<sip:bob@192.0.2.2>;tag=x' }))).toBe(
      invite,
    );
    expect(serverKeyOf(request({ via, cseq: 2 }))).not.toBe(invite);
  });

  test('of a response are the branch and the method in CSeq', () => {
    expect(clientKeyOf(response(200))).toBe(clientKey('z9hG4bKone', 'INVITE'));
  });

  test('take the bare cookie for no branch at all', () => {
    expect(isRfc3261Branch(request({ branch: 'z9hG4bK' }).via)).toBe(false);
    expect(isRfc3261Branch(request().via)).toBe(true);
  });

  test('of merged requests ignore the branch but not whom they are for', () => {
    const key = mergeKeyOf(request());
    expect(mergeKeyOf(request({ branch: 'z9hG4bKtwo' }))).toBe(key);
    expect(mergeKeyOf(request({ uri: 'sip:carol@192.0.2.2' }))).not.toBe(key);
  });
});
