/** Node strips the types itself: no transform, native modules. */
export default {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  moduleFileExtensions: ['ts', 'js', 'mjs', 'json', 'node'],
  transform: {},
  testTimeout: 30_000,
  // The default leaves one core idle, which on two cores is half the time.
  maxWorkers: '100%',
  workerIdleMemoryLimit: '1.5GB',
};
