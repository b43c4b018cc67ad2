/** What a graphics device can fail with: it is gone, it has no memory for a buffer, or it refused an operation. */
export type DeviceFailure = 'lost' | 'memory' | 'invalid';
