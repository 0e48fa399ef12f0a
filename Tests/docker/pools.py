"""What the probes are made of: YAML snippets in flow style, by key.

Each pool mixes what people write with what they should not: other types, odd spellings, empty values.
A snippet is put behind `key: ` as it is.
"""

SCALARS = [
    # null, booleans and what looks like them
    "~", "null", "Null", "NULL", "nuLL", "", "true", "True", "TRUE", "tRUE", "false", "yes", "Yes", "no",
    "NO", "on", "On", "OFF", "off", "y", "n", "Y", "N", "'true'", '"no"', "!!str true", "!!bool true",
    "!!bool 'true'", "!!null ''", "!!str", "!!null x",
    # integers
    "0", "-0", "+0", "00", "007", "0777", "0o777", "0o8", "0O17", "08", "09", "0x1F", "0X1f", "0xG", "0b101",
    "0B11", "0b12", "-0x1F", "+12", "-12", "--12", "1_000", "_1", "1_", "0x_1F", "1__0", "+_1", "22:22",
    "1:20:30", "190:20:30", "9223372036854775807", "9223372036854775808", "18446744073709551615",
    "18446744073709551616", "-9223372036854775808", "-9223372036854775809", "123456789012345678901234567890",
    "0o-7", "0b-1", "0x-1", "!!int 5", "!!int '5'", "!!int 0x10", "!!int 5.0", "!!float 5", "!!float '5.5'",
    # floats
    "1.0", "1.", ".5", "-.5", "+.5", ".", "..", "1e3", "1E3", "1e+3", "1e-3", "1e400", "-1e400", "1e-400",
    "1.5e3", "1.e3", ".1e1", "1_0.5", "1.2.3", "0.1", "0.30000000000000004", "1e21", "1e20", "123456789.123",
    "100000000000000000000.0", "1e15", "12345678.0", "0x1p4", "0x1.8p1", "1e", "e1", "1e3.5", ".inf", "-.inf",
    "+.INF", ".Inf", ".nan", ".NaN", ".NAN", "inf", "nan", "NaN", "Infinity", "5e-324", "1.7976931348623157e308",
    # dates
    "2001-01-01", "2001-1-1", "2001-01-32", "2001-02-29", "2000-02-29", "2001-01-01 10:10:10",
    "2001-01-01T10:10:10Z", "2001-01-01t10:10:10.123456789Z", "2001-01-01T10:10:10+02:00",
    "2001-01-01T10:10:10.100Z", "2001-01-01 1:2:3", "2001-01-01T25:00:00Z", "!!timestamp 2001-01-01",
    "!!timestamp '2001-01-01'", "2001-01-01 10:10:10 +0200", "20010101",
    # texts
    "a", "'a'", '"a"', "a b", "' a '", '"\\n"', '"\\t"', '"a\\nb"', '"\\u00e9"', '"\\U0001F600"', "'it''s'",
    '"\\x41"', '"\\e"', '"\\0"', "'#'", "a#b", "'a # b'", "a:b", "'a: b'", "-a", "- a", "?a", ":a", "'@a'",
    "'`a`'", "'%a'", "'&a'", "'*a'", "'!a'", "!a b", "! 12", "! a", "!!binary aGVsbG8=", "!!set {a}", "<<", "'<<'",
    "=", "'='", "'{{.Node.Hostname}}'", "é", "ß", "日本", "😀", "'\u00a0'", '"a\\\n  b"', '"a\n\n  b"',
    "'a\n  b'", "a\n  b", "|\n   a\n   b\n", ">\n   a\n   b\n\n   c\n", "|-\n   a\n", "|+\n   a\n\n", ">-\n   a\n    b\n   c\n",
    "|2\n     a\n   b\n", "|\n\n   a\n", ">\n\n\n   a\n   b\n", "|\n   a \n", "|\n   \ta\n", "''", '""',
    "|\n   #!/bin/sh\n   echo $$HOME\n", "\"\\n\\na\"", "\"\\n a\"", "\"a \"", "\" a\\n\"", "\"a\\n\\n\"", "'-'", "'---'",
    "[]", "{}", "[a, b]", "[1, 'a', ~]", "{a: 1}", "{a: {b: [c]}}", "[[a], {b: c}]", "{a: , b: }", "[,]", "[a,]",
    "{a: 1, a: 2}", "{1: a}", "{true: a}", "{~: a}", "{1.5: a}", "{2001-01-01: a}", "{[a]: b}", "{? a : b}", "{a, b}",
]

DURATIONS = [
    "10s", "1m30s", "1h5m30s20ms", "0", "'0'", "0s", "-5s", "+5s", "10", "'10'", "1.5s", ".5s", "1.s", "5 s", "' 5s'",
    "5S", "5us", "5µs", "5μs", "5ns", "1d", "1w", "1h1h", "''", "~", "1e3s", "99999999h", "2562047h47m16.854775807s",
    "2562047h47m16.854775808s", "s", "1", "true", "[5s]", "0.000000001s", "1m0.5s", "60s", "3600s", "100ms", "1500us",
]
SIZES = [
    "50M", "50m", "1.5g", "64kb", "64KiB", "1gb", "1GB", "'1024'", "1024", "1024b", "0", "'0'", "-1", "'-1M'", "1 M",
    "'1 M'", "1  M", "1.M", ".5M", "1e3", "'1e3'", "1E", "1Pb", "1EB", "M", "''", "~", "1mib", "10MBB", "1,5G", "1_0M",
    "1.0000001k", "99999999999P", "true", "'0x10'", "'1024 '", "' 1024'", "0.1k", "1tb", "5t", "1K", "1kib", "1ki",
]
NUMBERS = [
    "0", "1", "3", "-1", "1.0", "1.5", "1e3", "'3'", "~", "true", "[]", "0x10", "0o10", "010", "9223372036854775808",
    "18446744073709551615", "1e19", "1e30", "4294967296", "4294967297", "-0", "''", ".5", "${N}", "'${N}'", "${NOPE}",
    "${NOPE:-4}", "2001-01-01", "1_000", "$N", "1e-3",
]
FLAGS = ["true", "false", "yes", "no", "on", "off", "'true'", "1", "0", "~", "''", "True", "TRUE", "${YES}", "${NO}",
         "${NOPE:-true}", "'${NOPE:-on}'", "[]", "${NOPE}", "${N}"]
TEXTS = ["a", "'a'", "''", "~", "5", "1.5", "true", "2001-01-01", "[]", "[a]", "{}", "${FOO}", "${NOPE}", "'a b'", "é",
         "|\n   a\n   b\n", "${NOPE:-d}", "x${FOO}y"]
STRINGS = ["[]", "[a]", "[a, b]", "[a, a]", "[~]", "[1]", "[true]", "[1.5]", "['']", "a", "~", "{}", "{a: b}", "[[a]]",
           "['1', 1]", "[b, a, c]", "[${FOO}, foo]", "[2001-01-01]", "5", "''"]
PAIRS = ["{}", "[]", "{A: a}", "{A: }", "{A: ''}", "{A: 5}", "{A: 1.50}", "{A: 0x10}", "{A: 1e3}", "{A: true}", "{A: [a]}",
         "{A: {b: c}}", "{A: ~, B: b}", "[A=a]", "[A]", "[A=]", "[A=a=b]", "[=a]", "['']", "[A=a, A=b]", "[A=a, A=a]",
         "[B=b, A=a]", "[5]", "[~]", "[true]", "[A=a, [b]]", "~", "a", "{'': a}", "{1: a}", "{a.b: c, a_b: d}",
         "{x10: a, x9: b, X1: c}", "[FOO]", "{FOO: }", "{FOO: ''}", "[FOO=]", "{A: ${FOO}}", "[A=${FOO}]", "['${FOO}=a']",
         "{'${FOO}': a}", "{A: 2001-01-01}", "{A: 08}", "{A: 0o17}", "{A: 1_000}", "{A: 123456789012345678901}",
         "{A: 1e21}", "{A: .5}", "{A: yes}", "{A: 'true'}", "[' A = b ']", "{' A ': b}", "[A = b]", "{A: \"a\\nb\"}",
         "[\"A=a\\nb\"]", "{A: -0}", "{A: 1.0}", "{A: 100000000.0}", "{é: ü}", "{A: '{{.Node.Hostname}}'}", "{A: $$FOO}",
         "{A: !!str 5}", "{A: .inf}"]
COMMANDS = ["a", "a b", "''", "[]", "['']", "[a, b]", "[a, 5]", "[~]", "~", "5", "true", "\"a 'b c' d\"", "'a \"b c\" d'",
            "'a \"b'", "\"a \\\\ b\"", "'a \\'", "'a # b'", "'# a'", "a#b", "'a  b'", "' a '", "\"a\\tb\\nc\"",
            "'a ''b'' \"c\"d'", "a $$B", "a ${FOO}", "['${FOO}', b]", "a\\ b", "'\"\"'", "\"''\"", "a \"\" b", "{a: b}",
            "|\n   a b\n   c\n", ">\n   a b\n   c\n", "sh -c 'a && b | c > d'", "a;b", "'a\\nb'", "a 'b\"c' \"d'e\"",
            "é 'ü'", "a=b c", "--flag=\"a b\"", "|\n   -c '\n   a\n   '\n", "\"a \\\"b\\\" c\"", "a \\\n   b"]
TESTS = COMMANDS + ["[CMD, a]", "[CMD-SHELL, a b]", "[NONE]", "NONE", "[a]", "['CMD']"]
PORTS = ["'80'", "80", "'8080:80'", "8080:80", "22:22", "'53:53/udp'", "53:53/tcp", "'80/TCP'", "'80-82'", "'80-82:90-92'",
         "'80-82:90'", "'80:90-92'", "80-82:90-91", "'1.2.3.4:80:80'", "'[::1]:80:80'", "'::1:80:80'", "'0.0.0.0:80:80'",
         "'127.0.0.1::80'", "':80'", "'80:'", "''", "a", "80.0", "80.5", "-80", "'-80'", "0", "'0'", "'0:80'", "65535", "65536",
         "'65536'", "'80:65536'", "~", "true", "[80]", "'80/sctp'", "'80/icmp'", "'80/'", "'/tcp'", "'80:80:80:80'", "' 80'",
         "'80 '", "'80 :80'", "'+80'", "'0x50'", "'080'", "'80-80'", "'82-80'", "'80-'", "'-'", "${PORT}:80", "'${PORT}'",
         "'${PORT}-${NOPE:-9000}'", "${NOPE}", "1_0", "0o17", "017", "'99-101'", "'9-11:19-21/udp'", "'80:80/udp/tcp'",
         "'[::]:80:80'", "'localhost:80:80'", "'80-82-84'", "'80:80-80'", "'70-71:80-80'",
         "{target: 80}", "{target: 80, published: 8080}", "{target: 80, published: '8080'}", "{target: '80'}",
         "{target: 80, mode: host}", "{target: 80, protocol: udp}", "{target: 80, protocol: foo, mode: bar}", "{}",
         "{published: 80}", "{target: 80, host_ip: 1.2.3.4}", "{target: 80, name: web}", "{target: 4294967297}",
         "{target: -1}", "{target: 80.0}", "{target: 80.5}", "{target: ${N}}", "{target: 80, published: '${PORT}'}",
         "{target: 80, published: 80-90}", "{target: ~}", "{target: 80, mode: ''}", "{target: 80, x-a: b}", "{TARGET: 80}",
         "{target: 80, published: 0}", "{target: 80, published: ${NOPE}}"]
VOLUMES = ["/a", "'/a:/b'", "/a:/b:ro", "/a:/b:rw", "./a:/b", "../a:/b", "~/a:/b", "~:/b", "~a:/b", ".:/b", "..:/b", "data:/d",
           "data:/d:ro", "data:/d:nocopy", "data:/d:ro,nocopy", "data:/d:z", "data:/d:rw,ro", "a:/b", "a", "''", "'/'", "':'",
           "'::'", "'a:'", "':a'", "data:", "':/d'", "data::/d", "data:/d:", "data:/d:ro:x", "'C:\\a:/b'", "'c:/a:/b:ro'",
           "'C:\\a:D:\\b'", "'C:/b'", "'\\\\srv\\share:/b'", "'\\\\.\\pipe\\docker:\\\\.\\pipe\\docker'", "./a b:/c d", "data:rel",
           "./a/../b/./c:/d", "/a/../b:/c", "//a:/b", "./a/:/b/", "$PWD2:/b", "${HOME}/a:/b", "${NOPE}:/b", "${FOO}:/b",
           "5", "~", "true", "[a]", "data:/d:shared", "data:/d:rslave,ro", "data:/d:cached", "data:/d:delegated", "data:/d:consistent",
           "é:/ü", "data:/d:Z,ro", "'aa:/bb:volume-nocopy'", "1:/b", "'1:2'", "ab:c", "'a:b:c'", "'ab:cd:ef'", "./:/b",
           "{type: volume, source: data, target: /d}", "{type: bind, source: ./a, target: /b}", "{type: bind, target: /b}",
           "{type: bind, source: '', target: /b}", "{type: tmpfs, target: /b, tmpfs: {size: 100}}", "{target: /b}",
           "{type: tmpfs, target: /b, tmpfs: {size: 1M}}", "{type: tmpfs, target: /b, tmpfs: {size: '100'}}",
           "{type: tmpfs, target: /b, tmpfs: {mode: 0700}}", "{type: bind, source: ~/a, target: /b, bind: {propagation: rshared}}",
           "{type: bind, source: /a, target: /b, bind: {create_host_path: true}}", "{type: volume, target: /b, volume: {nocopy: yes}}",
           "{type: volume, target: /b, volume: {nocopy: true}}", "{type: volume, target: /b, volume: {nocopy: '${YES}'}}",
           "{type: volume, target: /b, volume: {subpath: a}}", "{type: npipe, source: a, target: b}", "{type: cluster, source: a, target: /b}",
           "{type: foo, target: /b}", "{type: volume, source: data, target: /d, read_only: true, consistency: cached}",
           "{type: volume, source: data, target: /d, read_only: 'true'}", "{type: volume, source: data, target: /d, read_only: ${YES}}",
           "{type: volume, source: 5, target: /d}", "{type: volume, source: data, target: /d, foo: bar}", "{type: ~, target: /b}",
           "{type: volume, source: data, target: /d, x-a: b}", "{type: bind, source: a/b, target: /b, volume: {}}", "{}",
           "{type: bind, source: C:\\a, target: /b}", "{type: bind, source: ., target: /b, bind: {}}", "{type: tmpfs, target: /t, tmpfs: {}}",
           "{type: tmpfs, target: /t, tmpfs: ~}", "{type: tmpfs, target: /t, tmpfs: {size: -1}}"]
FILES = ["one", "'one'", "''", "~", "5", "true", "{source: one}", "{source: one, target: /t}", "{source: one, mode: 0440}",
         "{source: one, mode: 444}", "{source: one, mode: 0o440}", "{source: one, mode: '0440'}", "{source: one, mode: '${MODE}'}",
         "{source: one, mode: ${N}}", "{source: one, mode: 288.5}", "{source: one, mode: -1}", "{source: one, mode: 0x1ff}",
         "{source: one, uid: '1', gid: '2'}", "{source: one, uid: 1}", "{target: a}", "{}", "{source: one, foo: bar}", "two", "one",
         "{source: two, uid: '103', gid: '103', mode: 0}", "{source: one, mode: 4294967740}", "{source: one, mode: 1e3}", "[one]",
         "{source: one, x-a: b}", "{Source: one}", "{source: ~}", "${FOO}"]
NETWORKS = ["[]", "[front]", "[front, back]", "[front, front]", "{}", "{front: }", "{front: {}}", "{front: {aliases: [a, b]}}",
            "{front: {aliases: [a, a]}}", "{front: {aliases: a}}", "{front: {ipv4_address: 1.2.3.4}}", "{front: {ipv4_address: a}}",
            "{front: {ipv6_address: '::1'}}", "{front: {driver_opts: {a: b, c: 5}}}", "{front: {priority: 5}}", "{front: {foo: a}}",
            "{front: {aliases: []}}", "{front: {aliases: ~}}", "{'a b': }", "{front: a}", "[5]", "[~]", "['']", "~", "front", "[${FOO}]",
            "{front: {aliases: [${FOO}, 5]}}", "{front: {mac_address: a}}", "{default: {aliases: [x]}}", "{front: {x-a: b}}",
            "{front: ~, back: {aliases: [z, y]}}"]
HOSTS = ["[]", "{}", "['a:1.2.3.4']", "['a=1.2.3.4']", "['a:::1']", "['a:[::1]']", "['a=[::1]']", "[a]", "['']", "[':1']", "['a:']",
         "['a: 1.2.3.4']", "['a:b=c']", "['a=b:c']", "{a: 1.2.3.4}", "{a: '::1'}", "{b: 1.2.3.4, a: 4.3.2.1}", "{a: 5}", "{a: }",
         "{a: [1.2.3.4]}", "{a: 1.5}", "{a: true}", "['a:1', 'a:1']", "['a:1', 'a:2']", "~", "a", "[5]", "['a:host-gateway']",
         "{a: '[::1]'}", "{'': b}", "[a 1.2.3.4]", "{a: 2001-01-01}", "['b:2', 'a:1']"]
ULIMITS = ["{}", "{nofile: 5}", "{nofile: '5'}", "{nofile: {soft: 1, hard: 2}}", "{nofile: {soft: 1}}", "{nofile: {hard: 1}}",
           "{nofile: {soft: '1', hard: 2}}", "{nofile: {soft: 1, hard: 2, foo: 3}}", "{nofile: -1}", "{nofile: 0}", "{nofile: 1.0}",
           "{nofile: ~}", "{nofile: {}}", "{nofile: ${N}}", "{nofile: {soft: ${N}, hard: '${N}'}}", "{NoFile: 5}", "{no_file: 5}",
           "{a1: {soft: 1, hard: 2}}", "{nproc: 5, nofile: {soft: -1, hard: -1}}", "[]", "~", "[nofile=5]", "{nofile: 1e3}",
           "{nofile: {soft: 1.0, hard: 2}}", "{nofile: {soft: 0, hard: 0}}", "{a1: '5'}", "{A: {soft: 1}}", "{nofile: true}", "{a1: 1.5}"]
LOGGING = ["{}", "~", "{driver: a}", "{driver: ~}", "{driver: a, options: {a: b}}", "{options: {a: 5, b: 1.5, c: }}", "{options: {a: true}}",
           "{options: [a=b]}", "{options: ~}", "{driver: a, options: {max-size: 10m, max-file: '3'}}", "{foo: a}", "{driver: 5}",
           "{options: {b: a, a: b}}", "{options: {a: [b]}}", "{driver: none, options: {}}", "{options: {a: ''}}"]
EXTERNAL = ["true", "false", "~", "'true'", "${YES}", "{name: a}", "{}", "{name: ~}", "{name: 5}", "{name: a, foo: b}", "[]", "{name: ''}"]
FLOWMAP = {
    "update_config": {
        "parallelism": NUMBERS, "delay": DURATIONS, "failure_action": TEXTS, "monitor": DURATIONS,
        "max_failure_ratio": NUMBERS + ["0.5", "0.1", "1e-7", "16777217", "0.333333333333"],
        "order": ["start-first", "stop-first", "''", "a", "~", "5"]},
    "restart_policy": {
        "condition": TEXTS, "delay": DURATIONS, "max_attempts": NUMBERS, "window": DURATIONS},
    "limits": {"cpus": ["'0.5'", "0.5", "1", "'1'", "~", "''", "${NOPE}"], "memory": SIZES, "pids": NUMBERS},
    "reservations": {
        "cpus": ["'0.5'", "0.5", "~"], "memory": SIZES,
        "generic_resources": ["[]", "[{discrete_resource_spec: {kind: a, value: 1}}]", "[{discrete_resource_spec: {kind: a}}]",
                              "[{}]", "[{discrete_resource_spec: {}}]", "[{discrete_resource_spec: {value: '1'}}]",
                              "[{discrete_resource_spec: {kind: a, value: 1.5}}]", "[{foo: a}]", "~", "[~]",
                              "[{discrete_resource_spec: ~}]", "[{named_resource_spec: {kind: a}}]"],
        "devices": ["[{capabilities: [gpu]}]"]},
    "placement": {
        "constraints": STRINGS + ["[node.role == manager]", "['node.labels.a==b', 'node.labels.a==b']"],
        "preferences": ["[]", "[{spread: a}]", "[{spread: 5}]", "[{}]", "[{foo: a}]", "[~]", "~", "[{spread: ''}]",
                        "[{spread: a}, {spread: b}]"],
        "max_replicas_per_node": NUMBERS},
    "healthcheck": {
        "test": TESTS, "timeout": DURATIONS, "interval": DURATIONS, "retries": NUMBERS, "start_period": DURATIONS,
        "start_interval": DURATIONS, "disable": FLAGS},
    "build": {
        "context": TEXTS, "dockerfile": TEXTS, "args": PAIRS, "labels": PAIRS, "cache_from": STRINGS, "network": TEXTS,
        "target": TEXTS, "shm_size": SIZES + NUMBERS, "extra_hosts": HOSTS, "foo": TEXTS},
    "credential_spec": {"config": TEXTS, "file": TEXTS, "registry": TEXTS},
    "ipam": {
        "driver": TEXTS, "options": PAIRS,
        "config": ["[]", "[{subnet: 10.0.0.0/24}]", "[{subnet: 5}]", "[{}]", "[{gateway: a}]", "~", "[~]", "[{subnet: ''}]"]},
}

SERVICE = {
    "build": TEXTS, "cap_add": STRINGS, "cap_drop": STRINGS, "cgroupns_mode": TEXTS, "cgroup_parent": TEXTS, "command": COMMANDS,
    "configs": FILES, "container_name": TEXTS, "depends_on": STRINGS, "devices": STRINGS, "dns": STRINGS, "dns_search": STRINGS,
    "domainname": TEXTS, "entrypoint": COMMANDS, "environment": PAIRS, "env_file": ["a.env", "[a.env]", "[a.env, b.env]", "[a.env, a.env]",
    "no.env", "''", "[]", "~", "5", "${FOO}.env", "[{path: a.env}]", "./a.env", "[b.env, ./a.env]"],
    "expose": STRINGS + ["[80, '80']", "['80-90']", "[80, 80]", "['80/tcp']", "[1e3, 0x10, 0o17, 2001-01-01]"],
    "external_links": STRINGS, "extra_hosts": HOSTS, "hostname": TEXTS, "image": TEXTS, "init": FLAGS, "ipc": TEXTS, "isolation": TEXTS,
    "labels": PAIRS, "links": STRINGS, "logging": LOGGING, "mac_address": TEXTS, "network_mode": TEXTS, "networks": NETWORKS,
    "oom_score_adj": NUMBERS, "pid": TEXTS, "ports": PORTS, "privileged": FLAGS, "read_only": FLAGS, "restart": TEXTS + ["no", "always"],
    "secrets": FILES, "security_opt": STRINGS, "shm_size": SIZES, "stdin_open": FLAGS, "stop_grace_period": DURATIONS, "stop_signal": TEXTS,
    "sysctls": PAIRS, "tmpfs": STRINGS, "tty": FLAGS, "ulimits": ULIMITS, "user": TEXTS, "userns_mode": TEXTS, "volumes": VOLUMES,
    "working_dir": TEXTS, "x-a": SCALARS, "x-b": SCALARS,
    # Refused, or of the other dialect.
    "foo": TEXTS, "extends": TEXTS, "mem_limit": SIZES, "cpus": NUMBERS, "profiles": STRINGS, "volume_driver": TEXTS, "Image": TEXTS,
    "volumes_from": STRINGS, "platform": TEXTS, "group_add": STRINGS,
}
DEPLOY = {
    "mode": TEXTS + ["global", "replicated"], "replicas": NUMBERS, "labels": PAIRS, "endpoint_mode": TEXTS + ["vip", "dnsrr"], "foo": TEXTS,
    "x-a": SCALARS,
}
LISTS = {"ports", "volumes", "configs", "secrets"}
SECTIONS = {
    "networks": {
        "name": TEXTS, "driver": TEXTS, "driver_opts": PAIRS, "external": EXTERNAL, "internal": FLAGS, "attachable": FLAGS, "labels": PAIRS,
        "x-a": SCALARS, "foo": TEXTS, "enable_ipv6": FLAGS},
    "volumes": {
        "name": TEXTS, "driver": TEXTS, "driver_opts": PAIRS, "external": EXTERNAL, "labels": PAIRS, "x-a": SCALARS, "foo": TEXTS,
        "x-cluster-spec": ["{}", "~", "{group: a}", "{availability: active}", "{access_mode: {scope: single, sharing: none}}",
                           "{access_mode: {mount_volume: {fs_type: a, mount_flags: [b]}}}", "{access_mode: {block_volume: {}}}",
                           "{capacity_range: {required_bytes: 1G, limit_bytes: 2GB}}", "{accessibility_requirements: {requisite: [{segments: {a: b}}]}}",
                           "{secrets: [{key: a, secret: b}]}", "{foo: a}", "{accessibility_requirements: {preferred: [{segments: [a=b]}, ~]}}"]},
    "secrets": {
        "name": TEXTS, "file": TEXTS + ["./a", "/a/b", "../a"], "external": EXTERNAL, "labels": PAIRS, "driver": TEXTS, "driver_opts": PAIRS,
        "template_driver": TEXTS, "x-a": SCALARS, "foo": TEXTS, "environment": TEXTS},
    "configs": {
        "name": TEXTS, "file": TEXTS + ["./a", "/a/b", "../a"], "external": EXTERNAL, "labels": PAIRS, "template_driver": TEXTS, "x-a": SCALARS,
        "content": TEXTS, "foo": TEXTS},
}
TEMPLATES = [
    "$FOO", "${FOO}", "${FOO:-d}", "${FOO-d}", "${NOPE:-d}", "${NOPE-d}", "${EMPTY:-d}", "${EMPTY-d}", "${NOPE:-}", "${NOPE-}",
    "${NOPE:?no}", "${NOPE?no}", "${EMPTY:?no}", "${EMPTY?no}", "${FOO:?no}", "${FOO?}", "${FOO:+r}", "${FOO+r}", "${NOPE:+r}",
    "${NOPE+r}", "$$", "$$FOO", "$$$FOO", "$${FOO}", "$", "${", "${}", "${FOO", "$}", "${1}", "$1", "${FOO BAR}", "${FOO:}",
    "${FOO:=d}", "${NOPE:-${FOO}}", "${NOPE:-$FOO}", "${NOPE:-a b}", "${NOPE:-a:-b}", "${NOPE-a?b}", "${foo}", "${_x}", "$FOO_BAR",
    "${FOO}bar", "$FOO$N", "${FOO}${N}", "a${NOPE}b", "${NOPE:-'q'}", "${NOPE:-\\\"q\\\"}", "${FOO/a/b}", "${#FOO}", "${FOO^^}",
    "${NOPE:-a}b}", "$FOO-$N", "${ FOO }", "${FOO }", "%FOO%", "{{FOO}}", "${NOPE:?${FOO}}", "é$FOO", "${FOO:-é}", "$é", "${N}",
    "${YES}", "${NOPE:-/a/b:c}", "${NOPE:-5}", "$FOO.$N", "~$FOO", "${NOPE:-$$}", "$$$$", "$(FOO)", "$[FOO]", "$FOO:-x", "$NOPE:-x",
    "$NOPE?x", "${NOPE::-x}", "${NOPE:-x", "a$", "$ FOO", "${FOO}$",
]
ENVIRONMENT = {"FOO": "foo", "EMPTY": "", "N": "5", "YES": "yes", "NO": "No", "PORT": "8080", "MODE": "0400", "PWD2": "/p"}
ENV_LINES = [
    "A=a", "B = b", "export C=c", "D", "FOO", "E=", "F='q'", 'G="q"', "# comment", "  # comment", "", "  H=h", "I=i # no comment", "J=$FOO",
    "K=${FOO}", "=l", "M=m=n", "N O=p", "P=\\n", "Q=é", "R=a\tb", "\tS=s", "A=again", "T=t\r", "U:u", "-V=v", "1=w", "X=  x  ", "EMPTY", "N",
    "Y.Z=1", "'A'=b", "#", " ", "=", "A==", "B=\"a", "\u00a0A=nbsp",
]
DOCUMENTS = [
    "a: &a {image: x}\n", "x-a: &a {image: x, tty: true}\nservices:\n  web: {<<: *a, image: y}\n",
    "x-a: &a {A: a}\nx-b: &b {A: b, B: b}\nservices:\n  web:\n    image: a\n    labels: {<<: [*a, *b], C: c}\n",
    "x-a: &a {A: a}\nx-b: &b {A: b, B: b}\nservices:\n  web:\n    image: a\n    labels: {<<: [*b, *a], A: c}\n",
    "services:\n  web: &w\n    image: a\n  db:\n    <<: *w\n    image: b\n", "services: {web: {image: a}, web: {image: b}}\n",
    "x-a: &a [a, b]\nservices: {web: {image: a, cap_add: *a, cap_drop: *a}}\n", "services: {web: {<<: {image: a}, <<: {tty: true}}}\n",
    "services: {web: {<<: a}}\n", "services: {web: {<<: [a]}}\n", "services: {web: {<<: }}\n", "services: {web: {'<<': {image: a}}}\n",
    "---\nservices: {web: {image: a}}\n", "---\nservices: {web: {image: a}}\n---\nservices: {db: {image: b}}\n", "services: {}\n...\n",
    "services: {}\n---\n", "--- services\n", "%YAML 1.1\n---\nservices: {}\n", "%YAML 1.2\n---\nservices: {}\n", "%TAG ! a:\n---\nservices: {}\n",
    "\ufeffservices: {web: {image: a}}\n", "services:\r\n  web:\r\n    image: a\r\n    command: |\r\n      a\r\n      b\r\n", "services:\n\tweb: {}\n",
    "services:\n  web:\n    image: a\n   tty: true\n", "services:\n- a\n", "services: ~\n", "services:\n", "networks:\n", "services: {}\nnetworks: ~\n",
    "services: {web: }\n", "services: {web: []}\n", "web: {image: a}\n", "version: '3'\n", "version: 3\n", "version: 3.8\n", "version: '3.8'\n",
    "version: ''\n", "version: ~\n", "version: '2'\n", "version: '1'\n", "version: '3.14'\n", "version: '3.13.0'\n", "version: '${N}'\n",
    "version: ['3']\n", "x-a: 1\n", "X-A: 1\n", "x: 1\n", "name: a\nservices: {}\n", "include: [a]\n", "[]\n", "a\n", "5\n", "", "# a\n", "{}\n",
    "? services\n: {web: {image: a}}\n", "services: {web: {image: a}} # c\n", "\"services\": {'web': {\"image\": a}}\n", "!!map {services: {}}\n",
    "services: !!map {web: {image: a}}\n", "services: &s {web: {image: a}}\nx-s: *s\n", "x-a: *a\n", "x-a: &a {b: *a}\n", "x-a: &a &b c\n",
    "services:\n  web:\n    image: a\n    command: >\n      a\n        b\n\n      c\n    tty: true\n", "services: {'a b': {}}\n", "services: {a.b: {image: a}}\n",
    "services: {é: {image: a}}\n", "services: {'': {image: a}}\n", "services: {-a: {image: a}}\n", "services: {1: {image: a}}\n", "services: {'1': {image: a}}\n",
    "networks: {'a b': {}}\n", "volumes: {'a b': {}}\n", "secrets: {'a b': {}}\n", "configs: {a: {file: ./a}, b: {file: ''}}\n", "secrets: {a: {}}\n",
    "secrets: {a: }\n", "volumes: {a: , b: {}, c: ~}\n", "networks: {a: , b: {}, c: ~}\n", "volumes: [a]\n", "volumes: a\n", "services: {a: {image: b}, A: {image: c}}\n",
    "x-a:\n  - &x a\n  - *x\n  - {*x : b}\n", "x-a: \"\\x\"\n", "x-a: \"\\'\"\n", "x-a: \"a\\'b\"\n", "x-a: {? [a, b] : c}\n", "x-a: 'a\n\n\n  b'\n", "x-a: @b\n",
    "x-a: `b`\n", "x-a: %b\n", "x-a: a: b\n", "x-a: [a\n", "x-a: {a\n", "x-a: 'b\n", "x-a: \"b\n", "x-a: - b\n", "x-a: ? b\n", "x-a: a\x07b\n", "x-a: a\x85b\n",
    "x-a: a\u2028b\n", "x-a: |\n  a\n b\n", "x-a: |9\n  a\n", "x-a: |0\n  a\n", "x-a: |a\n  b\n", "x-a: >+\n\n\n", "x-a: |\n\nx-b: c\n", "x-a: |\nx-b: c\n",
    "x-a: [a, b]: c\n", "x-a: {a: b}}\n", "x-a: a\n x-b: c\n", "x-a:\n  b\n  c\n", "x-a: b\n  c\n", "x-a:\n- b\n- c\nx-d: e\n", "x-a:b\n", "x-a: b:c\n", "x-a: b :c\n",
]
# What every file of a merge may say: valid all of it.
MERGES = {
    "image": ["a", "''", "b", "${FOO}"], "tty": ["true", "false"], "init": ["true", "false"], "read_only": ["true", "false"],
    "stop_grace_period": ["5s", "0s", "1m"], "command": ["a b", "[]", "''", "[c]", "[d, e]"], "entrypoint": ["a b", "[]", "[c]"],
    "environment": ["{A: a}", "{A: }", "{A: ''}", "{A: b, B: }", "[A=c, FOO]", "[]", "{}", "{B: ''}", "{FOO: }"],
    "env_file": ["a.env", "[b.env]", "[]", "[a.env, b.env]"], "labels": ["{A: a}", "{A: ''}", "{A: b, B: }", "[A=c]", "{}"],
    "cap_add": ["[A]", "[A, B]", "[]"], "dns": ["a", "[a, b]", "[]"], "expose": ["[80]", "['80', 81]", "[]"],
    "extra_hosts": ["['a:1']", "{a: 2, b: '3'}", "[]", "{}"], "depends_on": ["[a]", "[b, a]", "[]"],
    "ports": ["['80']", "['81:80', '82:80']", "['81:90']", "['81:80/udp']", "[]", "['53', '54']", "['53:53', '53:53/udp']",
              "[{target: 80, published: 81, mode: host}]", "['100:1', '99:1']", "[{target: 80}]", "['80-82:90-92']"],
    "volumes": ["['data:/d']", "['other:/d']", "[/d]", "['./a:/b:ro', 'data:/d']", "[]", "['a2:/z', 'b2:/y']",
                "[{type: tmpfs, target: /d}]", "[{type: volume, source: data, target: /d, volume: {nocopy: true}}]", "['/x:/b', '/y:/b']"],
    "secrets": ["[one]", "[two, one]", "[{source: one, target: a}]", "[{source: one, mode: 0}]", "[]", "[one, {source: one, target: b}]"],
    "configs": ["[one]", "[two, one]", "[{source: one, target: a}]", "[{source: one, mode: 0440}]", "[]"],
    "networks": ["[front]", "[back, front]", "{front: }", "{front: {aliases: [a]}}", "{front: {aliases: [b, a]}}", "{front: {}}",
                 "{front: {ipv4_address: i}}", "{front: {driver_opts: {a: b}}}", "[]", "{}", "{front: {ipv6_address: j, aliases: []}}"],
    "ulimits": ["{a: 5}", "{a: {soft: 1, hard: 2}}", "{a: 0}", "{b: 6, a: 7}", "{}", "{a: {soft: 0, hard: 0}}"],
    "sysctls": ["{A: a}", "{A: ''}", "[A=b, B=c]", "{A: 0}"],
    "logging": ["{}", "{driver: a}", "{driver: b}", "{options: {a: b}}", "{driver: a, options: {a: c, d: e}}", "{options: {a: ''}}",
                "{driver: a, options: {}}", "{driver: none, options: }"],
    "healthcheck": ["{}", "{test: a}", "{test: [CMD, b]}", "{retries: 0}", "{retries: 3}", "{interval: 0s}", "{interval: 5s, timeout: 3s}",
                    "{disable: true}", "{disable: false}", "{test: []}", "{start_period: 1s}"],
    "deploy": ["{}", "{replicas: 0}", "{replicas: 3}", "{mode: global}", "{labels: {A: a}}", "{labels: [B=b]}", "{endpoint_mode: vip}",
               "{update_config: {parallelism: 0}}", "{update_config: {parallelism: 2, delay: 5s}}", "{update_config: {delay: 0s, order: start-first}}",
               "{rollback_config: {monitor: 3s}}", "{resources: {limits: {cpus: '1', memory: 1M}}}", "{resources: {limits: {memory: '0'}}}",
               "{resources: {reservations: {memory: 5M}}}", "{resources: {limits: {pids: 5}}}", "{resources: {limits: {}}}", "{resources: {}}",
               "{restart_policy: {condition: any}}", "{restart_policy: {max_attempts: 0}}", "{restart_policy: {delay: 0s, window: 5s}}",
               "{placement: {constraints: [a]}}", "{placement: {constraints: [a, b]}}", "{placement: {preferences: [{spread: a}]}}",
               "{placement: {max_replicas_per_node: 2}}", "{placement: {constraints: []}}", "{update_config: {}}", "{update_config: {max_failure_ratio: 0.5}}",
               "{resources: {reservations: {generic_resources: [{discrete_resource_spec: {kind: a, value: 1}}]}}}"],
    "build": [".", "{context: a}", "{args: {A: a}}", "{args: [A, B=b]}", "{dockerfile: d}", "{cache_from: [a]}", "{labels: {a: b}}", "{}"],
    "credential_spec": ["{file: a}", "{registry: b}", "{}"], "tmpfs": ["/a", "[/a, /b]"], "shm_size": ["64M", "''"],
    "x-a": ["1", "[1]", "{a: 1}", "{a: {b: 2}}", "{a: [1, 2]}", "~", "text", "''", "0", "false", "[]", "{}", "{a: {b: ~, c: 3}}", "2.5"],
    "isolation": ["a", "''"], "pid": ["host", "~", "''"], "security_opt": ["[a]", "[a, b]"], "user": ["a", "''"],
}
TOP_MERGES = {
    "networks": ["{n: }", "{n: {driver: a}}", "{n: {internal: true}}", "{m: {external: true}}", "{n: {labels: {a: b}}}", "{n: {external: true}}", "{n: {attachable: false}}"],
    "volumes": ["{v: }", "{v: {driver: a, driver_opts: {b: c}}}", "{v: {external: true}}", "{w: {name: x}}", "{v: {driver_opts: {d: e}}}"],
    "secrets": ["{s: {file: a}}", "{s: {external: true}}", "{t: {file: b, labels: {c: d}}}", "{s: {name: x, file: c}}"],
    "configs": ["{c: {file: a}}", "{c: {external: true}}", "{d: {file: b}}", "{c: {template_driver: golang, file: d}}"],
    "x-a": ["1", "[1]", "{a: 1}", "{a: {b: 2}}"],
}
