package io.ringfence.tools.pages;

import com.sun.jdi.Bootstrap;
import com.sun.jdi.Method;
import com.sun.jdi.ThreadReference;
import com.sun.jdi.VMDisconnectedException;
import com.sun.jdi.VirtualMachine;
import com.sun.jdi.connect.Connector;
import com.sun.jdi.connect.ListeningConnector;
import com.sun.jdi.event.Event;
import com.sun.jdi.event.EventSet;
import com.sun.jdi.event.MethodEntryEvent;
import com.sun.jdi.event.MethodExitEvent;
import com.sun.jdi.request.EventRequest;
import com.sun.jdi.request.EventRequestManager;
import com.sun.jdi.request.MethodEntryRequest;
import com.sun.jdi.request.MethodExitRequest;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A child JVM whose methods are watched through the Java debug interface, over the loopback address. */
final class TracedProcess implements AutoCloseable {
    private static final long PATIENCE_S = 400;
    private static final String ACCEPT_MS = "200000";

    private final Process process;
    private final Path err;
    private final BufferedReader out;
    private final VirtualMachine machine;

    private TracedProcess(Process process, Path err, VirtualMachine machine) {
        this.process = process;
        this.err = err;
        this.machine = machine;
        this.out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /**
     * Starts it, and kills it when it has not ended in {@value #PATIENCE_S} s: each wait on it then ends too.
     *
     * @param directory where it runs and where its standard error is kept.
     * @param flags     of its JVM.
     * @param argument  of its main method.
     */
    static TracedProcess start(Path directory, List<String> flags, Class<?> main, String argument) throws Exception {
        ListeningConnector listener = Bootstrap.virtualMachineManager().listeningConnectors().stream()
                .filter(connector -> connector.transport().name().equals("dt_socket"))
                .findFirst()
                .orElseThrow();
        Map<String, Connector.Argument> socket = listener.defaultArguments();
        socket.get("localAddress").setValue("127.0.0.1");
        socket.get("timeout").setValue(ACCEPT_MS);
        String address = listener.startListening(socket); // On a free port.
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags);
        command.add("-agentlib:jdwp=transport=dt_socket,server=n,suspend=n,address=" + address);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName(), argument));
        Path err = Files.createTempFile(directory, "err", ".txt");
        Process process = null;
        try {
            process = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectError(err.toFile())
                    .start();
            CompletableFuture.delayedExecutor(PATIENCE_S, TimeUnit.SECONDS).execute(process::destroyForcibly);
            return new TracedProcess(process, err, listener.accept(socket));
        } catch (IOException | RuntimeException notConnected) {
            if (process != null) {
                process.destroyForcibly();
            }
            throw new AssertionError("the child does not connect: " + SourceTree.text(err), notConnected);
        } finally {
            listener.stopListening(socket);
        }
    }

    /** Waits for this line on its standard output. */
    void awaitLine(String expected) throws IOException {
        String line = out.readLine();
        if (!expected.equals(line)) {
            throw new AssertionError("the child says " + line + " instead of " + expected + ": " + err());
        }
    }

    /**
     * Sends a byte to its standard input, and names the classes whose methods a thread then enters, from the next entry of one
     * method to the return from it. Constructors and static initialisers are methods too.
     *
     * @param thread   name of the thread.
     * @param owner    binary name of the class that has the method.
     * @param method   its name.
     * @param classes  pattern of the classes to name, as {@code a.b.*}.
     * @param excluded pattern of those of them to leave out.
     * @return binary names, each once, in the order of their first entry; the owner is the first.
     */
    Set<String> enteredClasses(String thread, String owner, String method, String classes, String excluded)
            throws IOException, InterruptedException {
        ThreadReference traced = machine.allThreads().stream()
                .filter(candidate -> candidate.name().equals(thread))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no thread " + thread));
        EventRequestManager requests = machine.eventRequestManager();
        MethodEntryRequest begin = requests.createMethodEntryRequest();
        begin.addThreadFilter(traced);
        begin.addClassFilter(owner);
        begin.setSuspendPolicy(EventRequest.SUSPEND_EVENT_THREAD); // Until the other two are enabled.
        MethodEntryRequest entries = requests.createMethodEntryRequest();
        entries.addThreadFilter(traced);
        entries.addClassFilter(classes);
        entries.addClassExclusionFilter(excluded);
        entries.setSuspendPolicy(EventRequest.SUSPEND_NONE);
        MethodExitRequest end = requests.createMethodExitRequest();
        end.addThreadFilter(traced);
        end.addClassFilter(owner);
        end.setSuspendPolicy(EventRequest.SUSPEND_EVENT_THREAD);
        begin.enable();
        process.getOutputStream().write('\n');
        process.getOutputStream().flush();

        Set<String> entered = new LinkedHashSet<>();
        boolean isOver = false;
        while (!isOver) {
            EventSet events = nextEvents();
            for (Event event : events) {
                if (event instanceof MethodEntryEvent entry && event.request() == entries) {
                    entered.add(entry.method().declaringType().name());
                } else if (event instanceof MethodEntryEvent entry && isNamed(entry.method(), method)) {
                    entered.add(owner);
                    begin.disable();
                    entries.enable();
                    end.enable();
                } else if (event instanceof MethodExitEvent exit && isNamed(exit.method(), method)) {
                    entries.disable();
                    end.disable();
                    isOver = true;
                }
            }
            events.resume();
        }
        return entered;
    }

    private EventSet nextEvents() throws InterruptedException {
        try {
            EventSet events = machine.eventQueue().remove(TimeUnit.SECONDS.toMillis(PATIENCE_S));
            if (events != null) {
                return events;
            }
        } catch (VMDisconnectedException ended) {
            throw new AssertionError("the child has ended before the method returned: " + err(), ended);
        }
        throw new AssertionError("the method was not called in " + PATIENCE_S + " s: " + err());
    }

    private static boolean isNamed(Method method, String name) {
        return method.name().equals(name);
    }

    /** Lets it run on unwatched to its end, and gives its exit code. */
    int exitCode() throws InterruptedException {
        machine.dispose();
        if (!process.waitFor(PATIENCE_S, TimeUnit.SECONDS)) {
            throw new AssertionError("the child does not end");
        }
        return process.exitValue();
    }

    /** Its standard error so far. */
    String err() {
        return SourceTree.text(err);
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
