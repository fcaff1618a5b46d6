/** Every limit that both ends know. Bytes are UTF-8, characters are Unicode code points, times are milliseconds. */
export const limits = {
  /** Largest frame that a client may send, in bytes; a larger one closes with 1009. */
  frameBytes: 64 * 1024,
  /** Longest message body, in code points. */
  bodyCharacters: 8_000,
  /** Largest `data` of a message, in bytes of its JSON. */
  dataBytes: 4 * 1024,
  /** Sends a second that one person may keep up, and how many may come at once. */
  sendsPerSecond: 10,
  sendBurst: 30,
  /** Frames of any kind a second from one socket, and how many may come at once. */
  framesPerSecond: 50,
  frameBurst: 200,
  /** Joins a second from one socket, and how many may come at once (a reconnect joins everything again). */
  joinsPerSecond: 50,
  joinBurst: 1_000,
  /** Authenticated sockets that one person may have at a time on one node; a further one is closed with 4429. */
  socketsAPerson: 100,
  /** Rooms that one socket may have joined at a time. */
  joinedRooms: 1_000,
  /** Malformed frames within `malformedWindow` after which a socket is closed with 4400. */
  malformedFrames: 10,
  malformedWindow: 10_000,
  /** A reader that is further behind than this many bytes is closed with 4508. */
  outboxBytes: 1024 * 1024,
  /** Events that a `join` replays; one that missed more gets `reset`. */
  replayEvents: 5_000,
  /** People named in `joined` and in one `presence` frame. */
  presentMembers: 100,
  /** A typing notice is sent on at most this often for one person in one room, and shown this long. */
  typingInterval: 2_000,
  typingShown: 5_000,
  /** The server pings this often and gives a silent peer up after `heartbeatTimeout`. A client asks after as long a silence. */
  pingInterval: 20_000,
  heartbeatTimeout: 45_000,
  nameCharacters: 80,
  roomNameCharacters: 60,
  tokenNameCharacters: 60,
  /** Access tokens that one person may have at a time. */
  accessTokens: 50,
  passkeyNameCharacters: 60,
  /** Passkeys that one person may have at a time. */
  passkeys: 20,
  passwordMinimum: 8,
  passwordMaximum: 128,
  titleCharacters: 200,
  postCharacters: 40_000,
  /** Page sizes of lists. */
  pageDefault: 50,
  pageMaximum: 100,
  /** Rooms on one page of the list of rooms, by default and at most. */
  roomPage: 1_000,
} as const;
