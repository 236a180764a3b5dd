/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.containers;

import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.HostConfig;
import io.clockbound.it.Engine;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.testcontainers.containers.GenericContainer;
import org.yaml.snakeyaml.Yaml;

/**
 * A Kubernetes DaemonSet whose containers can be run without Kubernetes: user, capabilities, root file system, command,
 * probes and mounts are the manifest's.
 *
 * @param node the directory that stands for the node's root
 * @param network the engine's name for what stands for the node's network
 */
record Manifest(Map<String, Object> pod, Path node, String network) {

    static Manifest read(Path file, Path node, String network) throws IOException {
        try (Reader text = Files.newBufferedReader(file)) {
            Map<String, Object> daemonSet = new Yaml().load(text);
            return new Manifest(map(map(map(daemonSet, "spec"), "template"), "spec"), node, network);
        }
    }

    /** Returns the one container of a kind, {@code initContainers} or {@code containers}; it is not started yet. */
    GenericContainer<?> container(String kind, String image) throws IOException {
        Map<String, Object> container = maps(pod, kind).get(0);
        List<Bind> binds = new ArrayList<>();
        for (Map<String, Object> mount : maps(container, "volumeMounts")) {
            Path path = node.resolve(hostPath(String.valueOf(mount.get("name"))).substring(1));
            Files.createDirectories(path);
            binds.add(Bind.parse(path + ":" + mount.get("mountPath")));
        }
        GenericContainer<?> run = Engine.container(image).withNetworkMode(network);
        if (container.containsKey("command")) {
            run.withCommand(strings(container, "command"));
        }
        Map<String, Object> security = new HashMap<>(map(pod, "securityContext"));
        security.putAll(map(container, "securityContext"));
        return run.withCreateContainerCmdModifier(create -> confine(create, security, binds));
    }

    /** Returns the command of a probe of the container. */
    String[] probe(String name) {
        return strings(map(map(maps(pod, "containers").get(0), name), "exec"), "command");
    }

    private String hostPath(String volume) {
        return maps(pod, "volumes").stream()
                .filter(candidate -> volume.equals(candidate.get("name")))
                .map(candidate -> String.valueOf(map(candidate, "hostPath").get("path")))
                .findFirst()
                .orElseThrow();
    }

    private static void confine(CreateContainerCmd create, Map<String, Object> security, List<Bind> binds) {
        HostConfig host = Objects.requireNonNull(create.getHostConfig());
        Map<String, Object> capabilities = map(security, "capabilities");
        host.withBinds(binds)
                .withReadonlyRootfs((Boolean) security.get("readOnlyRootFilesystem"))
                .withCapDrop(capabilities(capabilities, "drop"))
                .withCapAdd(capabilities(capabilities, "add"));
        if (Boolean.FALSE.equals(security.get("allowPrivilegeEscalation"))) {
            host.withSecurityOpts(List.of("no-new-privileges:true"));
        }
        create.withUser(security.get("runAsUser") + ":" + security.get("runAsGroup"));
    }

    private static Capability[] capabilities(Map<String, Object> capabilities, String name) {
        return capabilities.containsKey(name)
                ? List.of(strings(capabilities, name)).stream()
                        .map(Capability::valueOf)
                        .toArray(Capability[]::new)
                : new Capability[0];
    }

    private static String[] strings(Map<String, Object> of, String name) {
        return ((List<?>) Objects.requireNonNull(of.get(name), name))
                .stream().map(String::valueOf).toArray(String[]::new);
    }

    @SuppressWarnings("unchecked") // what YAML calls a mapping; its keys are strings
    private static Map<String, Object> map(Map<String, Object> of, String name) {
        return (Map<String, Object>) Objects.requireNonNull(of.get(name), name);
    }

    @SuppressWarnings("unchecked") // a sequence of mappings
    private static List<Map<String, Object>> maps(Map<String, Object> of, String name) {
        return (List<Map<String, Object>>) Objects.requireNonNull(of.get(name), name);
    }
}
