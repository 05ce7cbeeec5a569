/** Starts the page: the connection to the gateway, the phone, and what shows it. */
import { render } from 'preact';
import { JanusClient } from './api/janus-client.ts';
import { Page } from './components/page.tsx';
import { Phone } from './phone/phone.ts';

const scheme = location.protocol === 'https:' ? 'wss:' : 'ws:';
const address = `${scheme}//${location.host}/janus`;
const client = new JanusClient(() => new WebSocket(address, 'janus-protocol'));
const phone = new Phone(client, location.hostname);
const place = document.getElementById('page');
if (place !== null) render(<Page phone={phone} />, place);
phone.start();
