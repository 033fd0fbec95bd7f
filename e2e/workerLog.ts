import type { Page } from '@playwright/test';
import { z } from 'zod';

const logEntry = z.object({
  method: z.literal('Log.entryAdded'),
  params: z.object({ entry: z.object({ level: z.enum(['error', 'warning']), text: z.string() }) }),
});

/**
 * Reports errors and warnings that the browser itself logs in the page's workers. Playwright forwards what a worker
 * writes by `console`, but not these, and WebGPU's validation errors are among them. They reach a debugger that is
 * attached to the worker and has enabled its Log domain.
 */
export async function watchWorkers(page: Page, report: (level: string, text: string) => void): Promise<void> {
  const session = await page.context().newCDPSession(page);
  let requests = 0;
  session.on('Target.attachedToTarget', ({ sessionId, targetInfo }) => {
    if (targetInfo.type !== 'worker') return;
    requests += 1;
    const message = JSON.stringify({ id: requests, method: 'Log.enable' });
    session.send('Target.sendMessageToTarget', { sessionId, message }).catch((error: Error) => {
      // A worker may end before it is listened to: the one of a layout that is no longer wanted.
      if (error.message.includes('No session with given id')) return;
      report('error', `cannot read the log of ${targetInfo.url}: ${error.message}`);
    });
  });
  session.on('Target.receivedMessageFromTarget', ({ message }) => {
    const parsed = logEntry.safeParse(JSON.parse(message));
    if (parsed.success) report(parsed.data.params.entry.level, parsed.data.params.entry.text);
  });
  await session.send('Target.setAutoAttach', {
    autoAttach: true,
    waitForDebuggerOnStart: false,
    flatten: false,
  });
}
