/** Whether the process is shutting down. */
export class Lifecycle {
  draining = false;
}
