const runs: (() => void)[] = [];
let port: MessagePort | null = null;

/** The port is made late: in Node an open one would keep the process alive. */
function openPort(): MessagePort {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => runs.shift()?.();
  return port2;
}

/** Calls back in a task of its own, behind those that wait already; timers would be held back for some milliseconds. */
export function inTask(run: () => void): void {
  runs.push(run);
  port ??= openPort();
  port.postMessage(null);
}
