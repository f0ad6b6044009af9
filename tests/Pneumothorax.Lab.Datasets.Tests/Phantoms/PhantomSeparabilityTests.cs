using Pneumothorax.Lab.Datasets.Phantoms;

namespace Pneumothorax.Lab.Datasets.Tests.Phantoms;

/// <summary>A phantom set that brightness alone gives away would teach nothing about networks.</summary>
public sealed class PhantomSeparabilityTests
{
    private const int Side = 16;
    private const int Images = 480;

    [Fact]
    public void Thumbnails_LogisticRegression_StaysBelow075()
    {
        var plan = PhantomPlan.Draw(Images, seed: 1);
        var thumbnails = new double[Images][];
        Parallel.For(0, Images, new ParallelOptions { MaxDegreeOfParallelism = 2 }, i => thumbnails[i] = Thumbnail(PhantomGenerator.Draw(plan[i], 1).Pixels));
        Standardise(thumbnails);
        const int train = Images * 2 / 3;

        var weights = Fit(thumbnails.AsSpan(0, train), [.. plan.Take(train).Select(planned => planned.Sick)]);

        var scores = thumbnails[train..].Select(thumbnail => Dot(weights, thumbnail)).ToArray();
        var area = Auroc([.. plan.Skip(train).Select(planned => planned.Sick)], scores);
        Assert.InRange(area, 0.3, 0.75);
    }

    private static double[] Thumbnail(byte[] pixels)
    {
        var small = new double[Side * Side + 1];
        for (var i = 0; i < pixels.Length; i++) small[i / 256 / Side * Side + i % 256 / Side] += pixels[i];
        return small;
    }

    /// <summary>Mean 0, deviation 1 a pixel; the last value is the constant of the bias.</summary>
    private static void Standardise(double[][] rows)
    {
        for (var k = 0; k < Side * Side; k++)
        {
            var mean = rows.Average(row => row[k]);
            var deviation = Math.Sqrt(rows.Average(row => (row[k] - mean) * (row[k] - mean))) + 1e-9;
            foreach (var row in rows) row[k] = (row[k] - mean) / deviation;
        }
        foreach (var row in rows) row[^1] = 1;
    }

    private static double[] Fit(ReadOnlySpan<double[]> rows, bool[] sick)
    {
        var weights = new double[rows[0].Length];
        for (var step = 0; step < 400; step++)
        {
            var gradient = new double[weights.Length];
            for (var i = 0; i < rows.Length; i++)
            {
                var error = 1 / (1 + Math.Exp(-Dot(weights, rows[i]))) - (sick[i] ? 1 : 0);
                for (var k = 0; k < weights.Length; k++) gradient[k] += error * rows[i][k] / rows.Length;
            }
            for (var k = 0; k < weights.Length; k++) weights[k] -= 0.05 * (gradient[k] + 0.01 * weights[k]);
        }
        return weights;
    }

    private static double Dot(double[] weights, double[] row)
    {
        var sum = 0.0;
        for (var k = 0; k < row.Length; k++) sum += weights[k] * row[k];
        return sum;
    }

    private static double Auroc(bool[] sick, double[] scores)
    {
        double right = 0, pairs = 0;
        for (var i = 0; i < scores.Length; i++)
        {
            for (var j = 0; j < scores.Length; j++)
            {
                if (!sick[i] || sick[j]) continue;
                pairs++;
                right += scores[i] > scores[j] ? 1 : scores[i] < scores[j] ? 0 : 0.5;
            }
        }
        return right / pairs;
    }
}
