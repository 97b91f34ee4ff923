import { createServer } from 'node:http';
import statuses from 'statuses';

const port = Number(process.env.PORT ?? 8080);
const greeting = process.env.GREETING ?? 'Hello';

const server = createServer((request, response) => {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    send(response, 405, { message: statuses.message[405] });
    return;
  }
  const [path] = request.url.split('?');
  send(response, 200, { message: `${greeting} from a CloudBase Run container`, path });
});

function send(response, status, body) {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' });
  response.end(JSON.stringify(body));
}

// The platform sends SIGTERM before it removes an instance: finish what is under way, take nothing new.
process.once('SIGTERM', () => {
  server.close(() => process.exit(0));
  server.closeIdleConnections();
});

// 0.0.0.0 and not localhost: the platform reaches the container from outside.
server.listen(port, '0.0.0.0', () => console.log(`Listening on port ${port}`));
