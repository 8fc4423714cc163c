package io.ringfence.gateway;

/** Names the build that is running. */
final class Build {
    private Build() {}

    /** Version of the jar, or {@code unpacked} where the classes lie in directories. */
    static String description() {
        String version = Build.class.getPackage().getImplementationVersion();
        return version == null ? "unpacked" : version;
    }
}
