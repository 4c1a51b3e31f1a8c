import { createDataSource } from '../../src/platform/database/data-source.js';
import { OutboxConsumers } from '../../src/platform/outbox/outbox-consumers.js';

/** Claims messages, prints them and never acknowledges: it waits to be killed. */
const [url = '', consumer = '', leaseMs = ''] = process.argv.slice(2);
const dataSource = await createDataSource(url).initialize();
const sut = new OutboxConsumers(dataSource);
for (;;) {
  const claimed = await sut.claim(consumer, 3, Number(leaseMs));
  if (claimed.length > 0) {
    console.log(JSON.stringify(claimed.map(({ position }) => position.id)));
    break;
  }
  await new Promise((resolve) => setTimeout(resolve, 20));
}
setInterval(() => undefined, 60_000);
