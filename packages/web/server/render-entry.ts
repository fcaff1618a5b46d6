import { useNitroApp } from 'nitropack/runtime';

export type PageRequest = { method: string; path: string; headers: Record<string, string> };
export type ApiRequest = { method: string; path: string; headers: Record<string, string> };
export type ApiResponse = { status: number; headers: [string, string][]; body: Uint8Array };
export type CallApi = (request: ApiRequest) => Promise<ApiResponse>;

const app = useNitroApp();

/** Renders one page. The stock entry is not used: it opens no door for the API and catches every uncaught error. */
export function render(page: PageRequest, callApi: CallApi) {
  return app.localCall({
    url: page.path,
    method: page.method,
    headers: page.headers,
    // Reaches every handler, and every request that rendering makes in turn, as `event.context.callApi`.
    context: { _platform: { callApi } },
  });
}
