const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];

/** One worker with one place where every socket both listens and speaks, and nothing on disk. */
export function nchanFiles(port: number, modulePath: string, sockets: number): Record<string, string> {
  const lines = [
    `load_module ${modulePath};`,
    // The folder is this account's alone.
    ...(process.getuid?.() === 0 ? ['user root;'] : []),
    'daemon off;',
    'worker_processes 1;',
    'pid nginx.pid;',
    'error_log stderr error;',
    `events { worker_connections ${sockets}; }`,
    'http {',
    '  access_log off;',
    ...temporary.map((name) => `  ${name}_temp_path ${name};`),
    '  nchan_shared_memory_size 128m;',
    '  server {',
    `    listen 127.0.0.1:${port} backlog=4096;`,
    '    location ~ ^/([a-z]+)$ {',
    '      nchan_pubsub websocket;',
    '      nchan_channel_id $1;',
    '      nchan_subscriber_first_message newest;',
    '    }',
    '  }',
    '}',
    '',
  ];
  return { 'nginx.conf': lines.join('\n') };
}
