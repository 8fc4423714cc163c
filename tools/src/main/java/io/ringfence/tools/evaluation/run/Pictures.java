package io.ringfence.tools.evaluation.run;

import io.ringfence.tools.ExitCode.EnvironmentException;
import io.ringfence.tools.evaluation.data.Mapping;
import io.ringfence.tools.evaluation.run.Evaluation.Sample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import org.knowm.xchart.style.Styler.ChartTheme;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Draws what an evaluation found, as PNG files: quality against cost, regret and posterior over time, and curves. */
public final class Pictures {
    private static final int WIDTH = 900;
    private static final int HEIGHT = 560;

    private final EvaluationReport report;
    private final Path folder;
    private final List<Path> drawn = new ArrayList<>();

    private Pictures(EvaluationReport report, Path folder) {
        this.report = report;
        this.folder = folder;
    }

    /**
     * Draws all pictures. Needs no screen.
     *
     * @return the files.
     */
    public static List<Path> draw(EvaluationReport report, Path folder) {
        System.setProperty("java.awt.headless", "true");
        try {
            Files.createDirectories(folder);
            Pictures pictures = new Pictures(report, folder);
            pictures.qualityAgainstCost();
            pictures.regret();
            pictures.posterior();
            pictures.curves();
            return pictures.drawn;
        } catch (IOException cannot) {
            throw new EnvironmentException(folder + ": pictures cannot be written: " + cannot.getMessage(), cannot);
        }
    }

    private XYChart chart(String title, String x, String y) {
        XYChart chart = new XYChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .theme(ChartTheme.Matlab)
                .title(report.evaluation().set().mapping().name() + ": " + title)
                .xAxisTitle(x)
                .yAxisTitle(y)
                .build();
        chart.getStyler().setPlotGridLinesVisible(true);
        return chart;
    }

    private void save(XYChart chart, String name) throws IOException {
        if (!chart.getSeriesMap().isEmpty()) {
            Path file = folder.resolve(name + ".png");
            BitmapEncoder.saveBitmap(chart, file.toString(), BitmapFormat.PNG);
            drawn.add(file);
        }
    }

    private static void line(XYChart chart, String name, double[] x, double[] y) {
        if (x.length > 0) {
            chart.addSeries(name, x, y).setMarker(SeriesMarkers.NONE);
        }
    }

    private void qualityAgainstCost() throws IOException {
        XYChart chart = chart("quality against cost", "mean cost of a request", "mean quality");
        chart.getStyler().setDefaultSeriesRenderStyle(XYSeriesRenderStyle.Scatter);
        report.evaluation().samples().forEach((name, samples) -> {
            double[] costs = samples.stream()
                    .map(Sample::tally)
                    .mapToDouble(Tally::cost)
                    .filter(Double::isFinite)
                    .toArray();
            double[] qualities = samples.stream()
                    .map(Sample::tally)
                    .mapToDouble(Tally::quality)
                    .filter(Double::isFinite)
                    .toArray();
            if (costs.length == qualities.length && costs.length > 0) {
                chart.addSeries(name, costs, qualities);
            }
        });
        save(chart, "quality-cost");
    }

    private void regret() throws IOException {
        XYChart chart = chart("regret over time", "requests", "quality below the oracle's, added up");
        report.evaluation().samples().forEach((name, samples) -> {
            Tally tally = samples.get(0).tally();
            double[] regrets = tally.regrets();
            line(chart, name, steps(regrets.length, tally.stride()), regrets);
        });
        save(chart, "regret");
    }

    private static double[] steps(int count, int stride) {
        double[] steps = new double[count];
        for (int i = 0; i < count; i++) {
            steps[i] = (double) (i + 1) * stride;
        }
        return steps;
    }

    private void posterior() throws IOException {
        EngineRun.Result first = report.evaluation().first();
        List<double[]> means = first.posteriors();
        XYChart chart = chart(
                "what the engine believed, busiest use case", "requests", "mean of the posterior of an arm's success");
        List<Mapping.Arm> arms = report.evaluation().set().mapping().arms();
        for (int arm = 0; arm < arms.size(); arm++) {
            int of = arm;
            double[] believed = means.stream().mapToDouble(mean -> mean[of]).toArray();
            if (Arrays.stream(believed).anyMatch(Double::isFinite)) {
                line(
                        chart,
                        arms.get(arm).name(),
                        steps(believed.length, first.tally().stride()),
                        believed);
            }
        }
        save(chart, "posterior");
    }

    private void curves() throws IOException {
        XYChart chart = chart("failures that are left", "share of rows", "share of failures that are left");
        for (CurveStudy.Curve curve : report.curves()) {
            List<CurveStudy.Point> points = curve.points().stream()
                    .sorted(Comparator.comparingDouble(CurveStudy.Point::share))
                    .toList();
            double[] shares =
                    points.stream().mapToDouble(CurveStudy.Point::share).toArray();
            chart.addSeries(
                    curve.stream(),
                    shares,
                    points.stream().mapToDouble(CurveStudy.Point::missed).toArray());
            if (curve.isCertain()) {
                double failing = Math.min(1, curve.failing());
                line(chart, curve.stream() + ", bound", new double[] {0, failing, 1}, new double[] {
                    1, curve.boundAt(failing), curve.boundAt(1)
                });
            }
        }
        if (report.curves().stream().anyMatch(CurveStudy.Curve::isCertain)) {
            line(chart, "random", new double[] {0, 1}, new double[] {1, 0});
        }
        save(chart, "curve");
    }
}
