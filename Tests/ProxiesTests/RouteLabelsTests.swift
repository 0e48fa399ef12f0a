import Delivery
import Diagnostics
import Proxies
import Swarm
import Testing
import YAML

/// A service from its canonical mapping.
func service(_ text: String) throws -> Service {
  var sources = Sources()
  let number = sources.add(SourceFile(path: "stack.yml", bytes: Array(text.utf8)))
  let node = try #require(try Document.read(number, in: sources))
  return Service(stack: "shop", name: "web", node: node)
}

@Suite struct RouteLabelsTests {
  @Test(arguments: [
    ("traefik.http.services.web.loadbalancer.server.port: 8080", [8080]),
    ("Traefik.HTTP.Services.web.LoadBalancer.Server.Port: 8080", [8080]),
    ("traefik.tcp.services.db.loadbalancer.server.port: 5432", [5432]),
    ("traefik.port: 80", [80]),
    ("traefik.admin.port: 81", [81]),
    ("caddy.reverse_proxy: '{{upstreams 3000}}'", [3000]),
    ("caddy_1.handle.reverse_proxy: '{{ upstreams https 8443 }} {{upstreams 99}}'", [8443, 99]),
    ("com.df.port: 8080", [8080]),
    ("com.df.port.1: 8080", [8080]),
    ("traefik.http.services.web.loadbalancer.server.port: 70000", []),
    ("traefik.http.routers.port: 80", []),
    ("traefik.http.services.web.loadbalancer.server.scheme: 80", []),
    ("caddyfile.port: '{{upstreams 80}}'", []),
    ("com.example.port: 80", []),
  ])
  func portsThatLabelsName(_ label: String, _ ports: [Int]) throws {
    let onService = try service("deploy: {labels: {\(label)}}")
    #expect(onService.routedPorts.map(\.number) == ports)
    let onContainers = try service("labels: {\(label)}")
    #expect(onContainers.routedPorts.map(\.number) == ports)
  }

  @Test func eachPortOnce() throws {
    let web = try service(
      """
      environment: {VIRTUAL_PORT: 80}
      deploy: {labels: {traefik.port: 80, traefik.admin.port: 81}}
      """)
    #expect(web.routedPorts.map(\.number) == [80, 81])
    #expect(web.routedPorts.map(\.name) == ["traefik.port", "traefik.admin.port"])
  }
}
