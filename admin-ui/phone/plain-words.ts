/** What went wrong, in words for the person at the phone. */

/** Why the microphone could not be had (Media Capture and Streams §10.2). */
export function microphoneProblem(error: unknown, isSecure: boolean): string {
  if (!isSecure) {
    return 'Browsers give no microphone to a page without HTTPS. Open this page by https://, or on the machine that the gateway runs on.';
  }
  switch (error instanceof Error ? error.name : '') {
    case 'NotAllowedError':
      return 'The browser did not allow this page to use the microphone. Allow it beside the address bar and call again.';
    case 'NotFoundError':
      return 'No microphone was found. Plug one in and call again.';
    case 'NotReadableError':
      return 'The microphone is in use by another program.';
    default:
      return 'The microphone could not be opened.';
  }
}

const BY_STATUS: { readonly [status: number]: string } = {
  403: 'The gateway does not allow this call. Calls to other machines need a route in its configuration.',
  404: 'Nobody has this address.',
  408: 'There was no reply from the other side.',
  480: 'They cannot be reached right now.',
  484: 'The address is not complete.',
  486: 'The line is busy.',
  487: 'The call was cancelled.',
  488: 'The two sides have no codec or encryption in common.',
  500: 'The gateway had a problem with this call.',
  502: 'The other side gave an answer that makes no sense.',
  503: 'The other side, or the way to it, is not working right now.',
  600: 'They are busy everywhere.',
  603: 'They declined the call.',
};

/** Why a call ended, from a SIP status; nothing for an ordinary end. */
export function callEnding(status: number, reason: string): string | undefined {
  if (status >= 200 && status < 300) return undefined;
  return BY_STATUS[status] ?? `The call failed: ${reason} (${status}).`;
}

const BY_MEDIA_REASON: { readonly [reason: string]: string } = {
  'ICE failed':
    'Sound could not get through to the gateway. Is its UDP port open on the way between?',
  'DTLS timeout': 'The encryption of the sound could not be set up in time.',
  'DTLS error': 'The encryption of the sound could not be set up.',
  'No media': 'No sound came for a long time.',
  'Gateway error': 'The part of the gateway that carries sound had to be restarted.',
  'Gateway stopping': 'The gateway is being stopped.',
};

/** Why the media ended, from the words of the gateway; nothing for an ordinary end. */
export function mediaEnding(reason: string): string | undefined {
  return BY_MEDIA_REASON[reason];
}

const BY_REQUEST_ERROR: { readonly [code: number]: string } = {
  446: 'That is not a SIP address. It looks like sip:name@example.org.',
  448: 'The browser gave no description of its media.',
};

/** Why the gateway refused a request. */
export function requestProblem(code: number, reason: string): string {
  return BY_REQUEST_ERROR[code] ?? reason;
}
