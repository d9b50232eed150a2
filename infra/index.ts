/** The service as a construct, to be put into any CDK app. */
export { BundleTooLargeError, EntryMissingError } from './bundling.ts';
export { FlowferryService } from './flowferry-service.ts';
export { InvalidOptionError } from './option-error.ts';
export type { FlowferryServiceProps, JwtAuth, LogLevel } from './service-props.ts';
export type { ThrottleProps } from './throttle.ts';
