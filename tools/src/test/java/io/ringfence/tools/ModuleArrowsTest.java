package io.ringfence.tools;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The arrows between modules, and where each library may be named. */
@AnalyzeClasses(packages = "io.ringfence", importOptions = ImportOption.DoNotIncludeTests.class)
class ModuleArrowsTest {
    @ArchTest
    static final ArchRule shouldPointOneWay = layeredArchitecture()
            .consideringOnlyDependenciesInAnyPackage("io.ringfence..")
            .layer("schemas")
            .definedBy("io.ringfence.schemas..")
            .layer("engine")
            .definedBy("io.ringfence.engine..")
            .layer("journal")
            .definedBy("io.ringfence.journal..")
            .layer("gateway")
            .definedBy("io.ringfence.gateway..")
            .layer("tools")
            .definedBy("io.ringfence.tools..")
            .whereLayer("schemas")
            .mayNotAccessAnyLayer()
            .whereLayer("engine")
            .mayOnlyAccessLayers("schemas")
            .whereLayer("journal")
            .mayOnlyAccessLayers("schemas")
            .whereLayer("gateway")
            .mayOnlyAccessLayers("schemas", "engine", "journal");

    /** A client is to be a module of its own. */
    @ArchTest
    static final ArchRule shouldKeepTheClientApartFromTheGateway = noClasses()
            .that()
            .resideInAPackage("io.ringfence.gateway.client..")
            .should()
            .dependOnClassesThat(resideInAPackage("io.ringfence..")
                    .and(resideOutsideOfPackages("io.ringfence.gateway.client..", "io.ringfence.schemas..")));

    @ArchTest
    static final ArchRule shouldNameChronicleInTheStoreOnly = named("net.openhft..", "io.ringfence.journal.store..");

    @ArchTest
    static final ArchRule shouldNameAeronAtTheEdgeOnly =
            named("io.aeron..", "io.ringfence.gateway.transport.aeron..", "io.ringfence.gateway.client..");

    /** The ring is the engine's; the wiring only picks how its threads wait. */
    @ArchTest
    static final ArchRule shouldNameTheDisruptorInThePipelineOnly =
            named("com.lmax..", "io.ringfence.engine.pipeline..", "io.ringfence.gateway");

    @ArchTest
    static final ArchRule shouldNameYamlInTheConfigurationOnly =
            named("org.snakeyaml..", "io.ringfence.gateway.config..");

    @ArchTest
    static final ArchRule shouldNameTheCommandLineInToolsOnly = named("picocli..", "io.ringfence.tools..");

    @ArchTest
    static final ArchRule shouldNameJsonInToolsOnly = named("com.fasterxml..", "io.ringfence.tools..");

    private static ArchRule named(String library, String... places) {
        return noClasses()
                .that()
                .resideOutsideOfPackages(places)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(library);
    }
}
