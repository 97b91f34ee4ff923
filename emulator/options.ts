/** A key pair that the emulated API accepts; `token` makes it a temporary one. */
export interface Credential {
  readonly secretId: string;
  readonly secretKey: string;
  readonly token?: string;
}

/** The key pair that works when the caller names none. */
export const DEFAULT_CREDENTIAL: Credential = {
  secretId: 'AKID-emulator',
  secretKey: 'emulator-secret-key',
};

/** An environment the account owns; `opened` says whether CloudBase Run was opened in it. */
export interface EnvironmentSeed {
  readonly envId: string;
  readonly opened: boolean;
  readonly status?: string;
  readonly vpcId?: string;
  /** As DescribeEnvBaseInfo answers them: one text, several with a comma between. */
  readonly subnetIds?: string;
  /** Whether a create must name an existing network in VpcInfo. */
  readonly requiresVpcInfo?: boolean;
  readonly region?: string;
}

/** One environment ready for use, and one in which CloudBase Run was never opened. */
export const DEFAULT_ENVIRONMENTS: readonly EnvironmentSeed[] = [
  { envId: 'demo-env', opened: true, vpcId: 'vpc-emulator', subnetIds: 'subnet-emulator' },
  { envId: 'closed-env', opened: false },
];

/**
 * How long each phase takes at least, in milliseconds. The order of the phases is the platform's, the lengths are not:
 * a real release takes minutes.
 */
export interface Timeline {
  /** Until the deploy record carries its BuildId and RunId; the record is absent for the first half. */
  readonly registrationMs: number;
  readonly buildMs: number;
  readonly createVersionMs: number;
  /** From "version created" until the task is finished. */
  readonly releaseMs: number;
  /** From "task finished" until the version is online. */
  readonly onlineLagMs: number;
  readonly deleteMs: number;
  /** How long the service still counts as busy after a release failed. */
  readonly busyAfterFailureMs: number;
  /** How long a started version may take until it listens. */
  readonly probeWindowMs: number;
  /** How long opening CloudBase Run in an environment takes. */
  readonly openEnvironmentMs: number;
}

/** Lengths that show every phase and still end within three seconds. */
export const DEFAULT_TIMELINE: Timeline = {
  registrationMs: 300,
  buildMs: 700,
  createVersionMs: 300,
  releaseMs: 400,
  onlineLagMs: 400,
  deleteMs: 500,
  busyAfterFailureMs: 300,
  probeWindowMs: 15_000,
  openEnvironmentMs: 500,
};

/** The store that takes packages, and the link to it. */
export interface StoreOptions {
  /** How fast an upload gets to the store; as fast as it can by default. */
  readonly bytesPerSecond?: number;
  /** An upload that takes longer is refused once all of it has arrived, in milliseconds. */
  readonly cutMs: number;
  /** How long an address for an upload or a download is good, in milliseconds. */
  readonly urlLifetimeMs: number;
  /** Where the store is announced, when something stands before it; by default at the API's own address. */
  readonly publicUrl?: string;
}

/** A link without a limit to a store that behaves as the real one. */
export const DEFAULT_STORE: StoreOptions = { cutMs: 200_000, urlLifetimeMs: 3 * 24 * 60 * 60 * 1000 };

/**
 * Behaviours that nobody could observe on the real platform, each with the alternative that clients must survive too.
 * FACTS.md says where each default comes from.
 */
export interface Assumptions {
  readonly accessTypesOmittedOnCreate: 'public' | 'private';
  readonly accessTypeOrder: 'as-sent' | 'reversed';
  readonly readBack: 'as-sent' | 'filled-in';
  readonly taskId: 'usable' | 'zero';
  readonly flowRatio: 'plain' | 'percent';
  readonly statusCase: 'lower' | 'upper';
  readonly deployId: 'plain' | 'prefixed';
  readonly recordOrder: 'newest-first' | 'oldest-first';
  readonly emptyList: 'list' | 'null';
  readonly notFound: 'service-data-illegal' | 'resource-not-found' | 'server-not-found';
  readonly recordNormal: 'before-finish' | 'when-online';
  readonly firstFailure: 'create_failed' | 'normal';
  readonly grayTask: 'running' | 'finished';
  readonly processLog: 'lines' | 'log-text';
  readonly buildLogOffset: 'lines' | 'characters';
  /** Where the setting Dockerfile is looked for. */
  readonly dockerfile: 'in-build-dir' | 'in-package';
  readonly vpcConfOnUpdate: 'kept' | 'dropped';
  readonly vpcInfoOnCreate: 'sets-vpc-conf' | 'kept-apart';
  readonly envSubnetIds: 'text' | 'list';
  readonly unsetInVersion: 'null' | 'empty';
  readonly versionAfterHotChange: 'changed' | 'as-released';
  /** Where the next version has the settings from that an update's items leave out. */
  readonly updateBase: 'service' | 'online-version';
  /** Whether a GET of a package must send the DownloadHeaders back, or there are none. */
  readonly downloadHeaders: 'demanded' | 'none';
}

/** What the emulator does when a test does not ask for an alternative. */
export const DEFAULT_ASSUMPTIONS: Assumptions = {
  accessTypesOmittedOnCreate: 'public',
  accessTypeOrder: 'as-sent',
  readBack: 'as-sent',
  taskId: 'usable',
  flowRatio: 'plain',
  statusCase: 'lower',
  deployId: 'plain',
  recordOrder: 'newest-first',
  emptyList: 'list',
  notFound: 'service-data-illegal',
  recordNormal: 'before-finish',
  firstFailure: 'create_failed',
  grayTask: 'running',
  processLog: 'lines',
  buildLogOffset: 'lines',
  dockerfile: 'in-build-dir',
  vpcConfOnUpdate: 'kept',
  vpcInfoOnCreate: 'sets-vpc-conf',
  envSubnetIds: 'text',
  unsetInVersion: 'null',
  versionAfterHotChange: 'changed',
  updateBase: 'service',
  downloadHeaders: 'demanded',
};
