/** What the main thread and the rendering worker say to each other. Headers are pairs, so that one may come twice. */
export type HeaderPairs = [name: string, value: string][];

export type PageRequest = { method: string; path: string; headers: Record<string, string> };
export type PageResponse = { status: number; headers: HeaderPairs; body: string | Uint8Array | undefined };

export type ApiRequest = { method: string; path: string; headers: Record<string, string> };
export type ApiResponse = { status: number; headers: HeaderPairs; body: Uint8Array };

export type ToWorker =
  | { type: 'render'; page: number; request: PageRequest }
  | { type: 'api-answer'; call: number; response: ApiResponse };

export type FromWorker =
  | { type: 'ready' }
  | { type: 'rendered'; page: number; response: PageResponse }
  | { type: 'failed'; page: number; reason: string }
  | { type: 'api'; page: number; call: number; request: ApiRequest };
