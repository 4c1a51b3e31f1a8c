import type { AddressInfo } from 'node:net';
import express from 'express';

/** The baseline for the service: parses the same JSON and does nothing else. */
const app = express();
app.use(express.json({ limit: '10mb' }));
app.post('/v1/batch', (request, response) => {
  const { batch } = request.body as { batch: unknown[] };
  response.json({ received: batch.length });
});
const server = app.listen(0, '127.0.0.1', () => {
  process.stdout.write(`${(server.address() as AddressInfo).port}\n`);
});
