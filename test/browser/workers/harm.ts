/** What happens to a worker when a test says `hurt`; which of these, its name says. */
const HARMS: Record<string, () => void> = {
  throws: () => {
    throw new Error('by a test');
  },
  rejects: () => void Promise.reject(new Error('by a test')),
  ends: () => self.close(),
  hangs: () => {
    for (;;);
  },
  'heap full': () => {
    WebAssembly.Memory.prototype.grow = () => {
      throw new RangeError('WebAssembly.Memory.grow(): Maximum memory size exceeded');
    };
  },
  'device destroyed': () => device?.destroy(),
  'no buffers': () => {
    GPUDevice.prototype.createBuffer = () => {
      throw new RangeError('createBuffer failed, size (1024) is too large for the implementation');
    };
  },
  'out of memory': () => {
    const error = new GPUOutOfMemoryError('Not enough memory left.');
    device?.dispatchEvent(new GPUUncapturedErrorEvent('uncapturederror', { error }));
  },
};

let device: GPUDevice | undefined;
if ('GPUAdapter' in globalThis) {
  // eslint-disable-next-line @typescript-eslint/unbound-method -- it is called on the adapter that it is asked of
  const { requestDevice } = GPUAdapter.prototype;
  GPUAdapter.prototype.requestDevice = async function (descriptor) {
    return (device = await requestDevice.call(this, descriptor));
  };
}

if (self.name === 'does not start') throw new Error('no such program');
if (self.name === 'hangs at once') for (;;);

addEventListener('message', (event: MessageEvent<unknown>) => {
  if (event.data !== 'hurt') return;
  event.stopImmediatePropagation();
  HARMS[self.name]?.();
});
