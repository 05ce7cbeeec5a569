/** SIP addresses as people type and read them. */
import { describe, expect, test } from '@jest/globals';
import { completeAddress, readableAddress } from '../../../../admin-ui/phone/address.ts';

describe('an address that was typed', () => {
  test.each([
    ['alice', 'sip:alice@gw.example'],
    ['  alice ', 'sip:alice@gw.example'],
    ['100', 'sip:100@gw.example'],
    ['+49 30 1234', 'sip:+49301234@gw.example'],
    ['(030) 12-34', 'sip:(030)12-34@gw.example'],
    ['030.12-34', 'sip:030.12-34@gw.example'],
    ['sip:alice', 'sip:alice@gw.example'],
    ['alice@example.org', 'sip:alice@example.org'],
    ['SIP:alice@example.org', 'sip:alice@example.org'],
    ['sips:alice@example.org', 'sips:alice@example.org'],
    ['pbx.example.org', 'sip:pbx.example.org'],
    ['192.0.2.7', 'sip:192.0.2.7'],
    ['192.0.2.7:5070', 'sip:192.0.2.7:5070'],
  ])('%j is completed to %s', (typed, address) => {
    expect(completeAddress(typed, 'gw.example')).toBe(address);
  });
});

describe('an address to be read', () => {
  test.each([
    ['sip:alice@gw.example', 'alice'],
    ['sip:alice@example.org', 'alice@example.org'],
    ['sips:alice@example.org', 'alice@example.org'],
    ['sip:alice@gw.example;transport=tcp', 'alice'],
    ['sip:alice@example.org?subject=x', 'alice@example.org'],
    ['sip:alice@other.gw.example', 'alice@other.gw.example'],
  ])('%s is shown as %s', (address, text) => {
    expect(readableAddress(address, 'gw.example')).toBe(text);
  });
});
