/** Whether the process is on its way out. */
export class Lifecycle {
  draining = false;
}
