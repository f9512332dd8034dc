export {createMcpServer, type McpServerOptions} from './create-mcp-server.ts'
export {accessTo, agentTag, refuseAccess, refuseFolder, type Access, type McpLimits} from './limits.ts'
export {serveMcp, type ServeMcpOptions} from './serve-mcp.ts'
