package io.ringfence.gateway.config;

/**
 * Who may log on.
 *
 * @param id   1 and above; stands in every record.
 * @param name as people say it.
 * @param role what it may do.
 */
public record PrincipalEntry(int id, String name, Role role) {
    /** What a principal may do. */
    public enum Role {
        /** Ask and report. */
        CLIENT,
        /** Ask, report and command accounts and policies. */
        OPS
    }
}
