/**
 * Conditions that software defines and names, by the fault that they tell of. `of` says whose fault it is where a program says so of itself: its
 * own, that of whom it speaks with (`peer`), of the server that answers (`server`: its own in its own log, the peer's in a client's), or of the
 * client that a server speaks of (`client`). Earlier rows win.
 */
export interface HintRow {
  faultKind: string;
  of: 'self' | 'peer' | 'server' | 'client';
  /** Codes, classes and states, written just so, as words of their own. */
  names?: string;
  /** Phrases of fixed wording, divided by bars; words follow one another; case, marks and humps do not matter. */
  phrases?: string;
  /** SQLSTATEs, whole or the two letters of their class. */
  sqlStates?: string;
  /** Error numbers of MySQL and MariaDB. */
  mysql?: string;
  /** Error numbers of Linux. */
  errno?: string;
}

export const hintRows: readonly HintRow[] = [
  {
    faultKind: 'disk-full',
    of: 'self',
    names: 'ENOSPC EDQUOT SQLITE_FULL DiskFull DiskFullException StorageFull FreeDiskSpaceFailed',
    phrases:
      'no space left on device|disk full|disk is full|disk quota exceeded|out of disk space|not enough space on the disk|insufficient disk space|insufficient storage|volume is full|filesystem is full|file system is full|disk watermark|disk resource limit alarm set|free disk space is insufficient|no space left',
    sqlStates: '53100',
    mysql: '1021 1114',
    errno: '28 122',
  },
  {
    faultKind: 'handle-leak',
    of: 'self',
    names: 'EMFILE ENFILE',
    phrases: 'too many open files|too many open files in system|file descriptor limit|file descriptors exhausted',
    errno: '23 24',
  },
  {
    faultKind: 'out-of-memory',
    of: 'self',
    names:
      'ENOMEM OutOfMemoryError OutOfMemoryException OutOfMemory MemoryError OOMKilled OOMKilling SystemOOM std::bad_alloc bad_alloc',
    phrases:
      'out of memory|heap out of memory|reached heap limit|cannot allocate memory|java heap space|gc overhead limit exceeded|oom kill|oom killer|oom killed|oom command not allowed|memory resource limit alarm set|allowed memory size of|memory exhausted|memory limit exceeded|exceeded memory limit|memory cgroup out of memory|unable to allocate memory',
    sqlStates: '53200',
    mysql: '1037 1038 1041',
    errno: '12',
  },
  {
    faultKind: 'pool-exhaustion',
    of: 'self',
    names:
      'PoolTimeout PoolTimeoutError PoolExhaustedException ConnectionPoolTimeoutException PoolError SequelizeConnectionAcquireTimeoutError',
    phrases:
      'QueuePool limit of size|pool exhausted|connection pool exhausted|pool is exhausted|pool timeout|timeout waiting for connection from pool|timeout waiting for idle object|connection is not available request timed out|timed out acquiring a connection|timeout acquiring a connection|timed out waiting for a connection|unable to acquire connection|unable to acquire a connection|could not get a resource from the pool|no free connections|no available connections|no connections available|acquiring a connection the pool is probably full|timed out fetching a new connection from the connection pool|connection pool timeout|connection pool is full|resource timeout acquiring a connection',
  },
  {
    faultKind: 'connection-limit',
    of: 'server',
    names: 'ER_CON_COUNT_ERROR ER_TOO_MANY_USER_CONNECTIONS',
    phrases:
      'too many clients already|too many connections|remaining connection slots are reserved|max number of clients reached|maximum connections exceeded|maximum number of connections|connection limit exceeded|connection limit reached|worker connections are not enough|server reached MaxRequestWorkers|server reached pm.max_children|too many active connections|connection refused too many connections',
    sqlStates: '53300',
    mysql: '1040 1203 1226',
  },
  {
    faultKind: 'database-lock',
    of: 'server',
    names:
      'SQLITE_BUSY SQLITE_LOCKED ER_LOCK_DEADLOCK ER_LOCK_WAIT_TIMEOUT LockTimeout LockNotAvailable DeadlockDetected LockWaitTimeout WriteConflict',
    phrases:
      'database is locked|table is locked|deadlock detected|deadlock found|lock wait timeout exceeded|due to lock timeout|could not obtain lock|still waiting for ShareLock|still waiting for ExclusiveLock|still waiting for AccessExclusiveLock|still waiting for AccessShareLock|still waiting for RowExclusiveLock|still waiting for RowShareLock|still waiting for ShareUpdateExclusiveLock|still waiting for ShareRowExclusiveLock|waiting for table metadata lock|deadlock victim|lock request time out',
    sqlStates: '40P01 55P03',
    mysql: '1205 1213 1206 1099 3572',
  },
  {
    faultKind: 'slow-query',
    of: 'self',
    names: 'COLLSCAN',
    phrases:
      'slow query|slow sql|full table scan|sequential scan on|seq scan on|missing index|due to statement timeout|query execution was interrupted maximum statement execution time',
    sqlStates: '57014',
    mysql: '3024 1969',
  },
  {
    faultKind: 'certificate-expired',
    of: 'peer',
    names:
      'CERT_HAS_EXPIRED CERT_NOT_YET_VALID UNABLE_TO_VERIFY_LEAF_SIGNATURE DEPTH_ZERO_SELF_SIGNED_CERT SELF_SIGNED_CERT_IN_CHAIN UNABLE_TO_GET_ISSUER_CERT_LOCALLY ERR_TLS_CERT_ALTNAME_INVALID SSLHandshakeException CertificateExpiredException SSLCertVerificationError CertificateError',
    phrases:
      'certificate has expired|certificate expired|certificate is not yet valid|certificate is expired|certificate verify failed|failed to verify certificate|unable to verify the first certificate|certificate signed by unknown authority|unknown ca|bad certificate|certificate unknown|self signed certificate|tls handshake failure|ssl handshake failure|sslv3 alert handshake failure|remote error tls|pkix path building failed',
  },
  {
    faultKind: 'dns-failure',
    of: 'peer',
    names:
      'ENOTFOUND EAI_AGAIN EAI_NONAME EAI_NODATA EAI_FAIL NXDOMAIN SERVFAIL UnknownHostException NameResolutionError gaierror',
    phrases:
      'no such host|name or service not known|temporary failure in name resolution|could not resolve host|could not be resolved|could not translate host name|name does not resolve|nodename nor servname provided|host not found in upstream|failed to resolve|name resolution failed|getaddrinfo failed|unknown host|no resolver defined to resolve|dns resolution failed|name resolution failure|unknown MySQL server host',
    mysql: '2005',
  },
  {
    faultKind: 'port-conflict',
    of: 'self',
    names: 'EADDRINUSE BindException PortInUseException',
    phrases:
      'address already in use|port is already allocated|was already in use|only one usage of each socket address',
    errno: '98',
  },
  {
    faultKind: 'image-pull-failed',
    of: 'self',
    names: 'ErrImagePull ImagePullBackOff ErrImageNeverPull InvalidImageName',
    phrases: 'failed to pull image|manifest unknown',
  },
  {
    faultKind: 'crash-loop',
    of: 'self',
    names: 'CrashLoopBackOff',
    phrases: 'back off restarting failed container|start request repeated too quickly',
  },
  {
    faultKind: 'volume-mount-failed',
    of: 'self',
    names: 'FailedMount FailedAttachVolume',
    phrases: 'unable to attach or mount volumes',
  },
  { faultKind: 'unschedulable', of: 'self', names: 'FailedScheduling Unschedulable' },
  { faultKind: 'node-not-ready', of: 'self', names: 'NodeNotReady', phrases: 'node is not ready' },
  {
    faultKind: 'node-pressure',
    of: 'self',
    names: 'Evicted EvictionThresholdMet NodeHasDiskPressure NodeHasMemoryPressure',
  },
  {
    faultKind: 'database-read-only',
    of: 'server',
    names: 'ReadOnlyTransaction ER_OPTION_PREVENTS_STATEMENT ReadOnlyError READONLY',
    phrases:
      "in a read only transaction|running with the read only option|running with the super read only option|attempt to write a readonly database|can't write against a read only replica|read only allow delete",
    sqlStates: '25006',
    mysql: '1290 1792 1836',
  },
  {
    faultKind: 'credentials-invalid',
    of: 'client',
    names:
      'ER_ACCESS_DENIED_ERROR InvalidPassword NOAUTH WRONGPASS ACCESS_REFUSED SASLAuthenticationException InvalidClientTokenId SignatureDoesNotMatch ExpiredToken',
    phrases:
      'password authentication failed|access denied for user|invalid credentials|authentication failed|invalid username password pair|login refused|no password supplied|invalid api key|authentication required|login failed for user|invalid authorization specification|401 unauthorized',
    sqlStates: '28',
    mysql: '1045 1044 1698',
  },
  {
    faultKind: 'config-error',
    of: 'self',
    names:
      'CreateContainerConfigError UnsatisfiedDependencyException NoSuchBeanDefinitionException ImproperlyConfigured BeanCreationException',
    phrases:
      'missing required environment|missing required env|missing environment variable|missing required config|missing required setting|environment variable is not set|invalid configuration|invalid config|unknown directive|unknown configuration|unrecognized configuration parameter|unknown flag|unknown option|failed to load config|failed to parse config|failed to load configuration|error parsing config|configuration error|config error|unexpected end of file expecting|is missing in configuration|could not resolve placeholder|unknown variable|bad directive|fatal config file error|permission denied|access denied|403 forbidden',
    errno: '13',
  },
  {
    faultKind: 'dependency-down',
    of: 'server',
    phrases:
      'terminating connection due to administrator command|the database system is starting up|the database system is shutting down|the database system is in recovery mode|received fast shutdown request|redis is loading the dataset in memory',
    sqlStates: '57P01 57P02 57P03',
  },
  {
    faultKind: 'dependency-down',
    of: 'peer',
    names:
      'ECONNREFUSED ECONNRESET EHOSTUNREACH ENETUNREACH EHOSTDOWN ETIMEDOUT EPIPE ECONNABORTED ConnectException ConnectionRefusedError ConnectionResetError SocketTimeoutException NoRouteToHostException ReadTimeoutError ConnectTimeoutError ConnectTimeout ReadTimeout NoHttpResponseException HttpHostConnectException BrokerNotAvailableError NoBrokersAvailable BrokerTransportFailure LEADER_NOT_AVAILABLE CLUSTERDOWN MASTERDOWN NoNodeAvailableException ServerSelectionTimeoutError MongoServerSelectionError MongoNetworkError PROTOCOL_CONNECTION_LOST ESOCKET UND_ERR_CONNECT_TIMEOUT UND_ERR_HEADERS_TIMEOUT UND_ERR_SOCKET',
    phrases:
      "connection refused|connection reset by peer|connection reset|broken pipe|no route to host|network is unreachable|host is unreachable|connection timed out|connect timed out|read timed out|i/o timeout|upstream timed out|upstream prematurely closed connection|no live upstreams|no healthy upstream|upstream connect error|upstream request timeout|has no server available|error reading status line from remote server|error reading from remote server|broker may not be available|could not connect to server|can't connect to MySQL server|can't connect to local MySQL server|lost connection to MySQL server|MySQL server has gone away|server closed the connection unexpectedly|connection to server was lost|socket hang up|code unavailable|status unavailable|code DeadlineExceeded|status deadline exceeded|server selection timed out|no nodes available|all brokers are down|layer4 connection problem|layer4 timeout|layer7 timeout|connection terminated unexpectedly|failed to connect to|unable to connect to|unable to reach|server is not responding|error condition on socket for sync",
    sqlStates: '08',
    mysql: '2002 2003 2006 2013 2055',
    errno: '32 104 110 111 113',
  },
  {
    faultKind: 'provider-outage',
    of: 'peer',
    names:
      'ThrottlingException TooManyRequestsException RequestLimitExceeded ProvisionedThroughputExceededException SlowDown RESOURCE_EXHAUSTED RateLimitError RateLimitExceeded',
    phrases:
      'too many requests|rate limit exceeded|rate limited|rate exceeded|code ResourceExhausted|status code 429|request was throttled|quota exceeded',
  },
  {
    faultKind: 'bad-deploy-errors',
    of: 'self',
    names:
      'TypeError ReferenceError SyntaxError RangeError AttributeError KeyError IndexError NameError UnboundLocalError ZeroDivisionError ImportError ModuleNotFoundError AssertionError RecursionError NotImplementedError NoMethodError NullPointerException NullReferenceException ClassCastException InvalidCastException ArrayIndexOutOfBoundsException IndexOutOfBoundsException IndexOutOfRangeException StringIndexOutOfBoundsException ArithmeticException DivideByZeroException KeyNotFoundException ConcurrentModificationException StackOverflowError NoSuchMethodError NoSuchFieldError NoClassDefFoundError ClassNotFoundException AbstractMethodError UnhandledPromiseRejection ERR_UNHANDLED_REJECTION UndefinedColumn UndefinedTable ER_BAD_FIELD_ERROR ER_NO_SUCH_TABLE SIGSEGV SIGABRT SIGBUS SIGILL',
    phrases:
      'nil pointer dereference|invalid memory address|index out of range|slice bounds out of range|concurrent map writes|concurrent map iteration and map write|concurrent map read and map write|integer divide by zero|segmentation fault|stack overflow|cannot read properties of undefined|cannot read properties of null|cannot read property|is not a function|is not defined|undefined is not|data race|all goroutines are asleep|call to undefined function|call to a member function',
    sqlStates: '42',
    mysql: '1054 1146 1064',
  },
];
