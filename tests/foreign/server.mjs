// @tus/server with its file store, for our phone to send to. Says where it listens, and serves until killed.
import { Server } from '@tus/server'
import { FileStore } from '@tus/file-store'

const server = new Server({ path: '/api/v1/files', datastore: new FileStore({ directory: process.argv[2] }) })
const listening = server.listen({ host: '127.0.0.1', port: 0 }, () => {
  console.log(JSON.stringify({ port: listening.address().port }))
})
