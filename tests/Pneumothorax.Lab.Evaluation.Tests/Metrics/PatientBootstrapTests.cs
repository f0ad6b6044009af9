using FsCheck.Xunit;
using Pneumothorax.Lab.Evaluation.Metrics;

namespace Pneumothorax.Lab.Evaluation.Tests.Metrics;

public sealed class PatientBootstrapTests
{
    [Fact]
    public void Compute_OneImageAPatient_IsCloseToDeLong()
    {
        var (labels, scores) = Sample(400);
        var delong = Auroc.Compute(labels, scores);

        var found = new PatientBootstrap(labels, scores, [.. Enumerable.Range(0, labels.Length)]).Compute();

        Assert.Equal(400, found.Patients);
        Assert.Equal(found.Replicates, found.Used);
        Assert.Equal(delong.Low!.Value, found.Auroc!.Value.Low, 0.008);
        Assert.Equal(delong.High!.Value, found.Auroc!.Value.High, 0.008);
        var precision = AveragePrecision.Compute(labels, scores)!.Value;
        Assert.InRange(precision, found.AveragePrecision!.Value.Low, found.AveragePrecision!.Value.High);
    }

    /// <summary>Five times the images of the same patients are no more evidence, though DeLong, who takes them for different people, thinks so.</summary>
    [Fact]
    public void Compute_EveryImageCopied_IsAsWideAsWithoutCopies()
    {
        var (labels, scores) = Sample(120);
        int[] patients = [.. Enumerable.Range(0, labels.Length)];

        var once = new PatientBootstrap(labels, scores, patients).Compute();
        var copied = new PatientBootstrap(Copies(labels), Copies(scores), Copies(patients)).Compute();

        Assert.Equal(once.Auroc!.Value.Low, copied.Auroc!.Value.Low, 1e-12);
        Assert.Equal(once.Auroc!.Value.High, copied.Auroc!.Value.High, 1e-12);
        Assert.Equal(once.AveragePrecision!.Value.Low, copied.AveragePrecision!.Value.Low, 1e-12);
        Assert.Equal(once.AveragePrecision!.Value.High, copied.AveragePrecision!.Value.High, 1e-12);
        var fooled = Auroc.Compute(Copies(labels), Copies(scores));
        Assert.True(fooled.High - fooled.Low < 0.6 * (copied.Auroc!.Value.High - copied.Auroc!.Value.Low));

        static T[] Copies<T>(T[] values) => [.. Enumerable.Repeat(values, 5).SelectMany(copy => copy)];
    }

    /// <summary>As if each patient's images stood in the list so many times.</summary>
    [Property]
    public bool Areas_AnyWeights_AreThoseOfTheRepeatedList((bool Sick, sbyte Score, byte Patient)[] images, byte[] draws)
    {
        int[] patients = [.. images.Select(image => image.Patient % 5)];
        int[] weights = [.. Enumerable.Range(0, 5).Select(patient => draws.Count(draw => draw % 5 == patient))];
        var (labels, scores) = RocLawTests.Split([.. images.Select(image => (image.Sick, image.Score))]);
        int[] repeated = [.. Enumerable.Range(0, images.Length).SelectMany(i => Enumerable.Repeat(i, weights[patients[i]]))];
        byte[] theirLabels = [.. repeated.Select(i => labels[i])];
        double[] theirScores = [.. repeated.Select(i => scores[i])];

        var expected = Auroc.Compute(theirLabels, theirScores).Value;
        return new PatientBootstrap(labels, scores, patients).Areas(weights) is { } found
            ? Math.Abs(expected!.Value - found.Auroc) < 1e-12 && Math.Abs(AveragePrecision.Compute(theirLabels, theirScores)!.Value - found.AveragePrecision) < 1e-12
            : expected is null;
    }

    [Fact]
    public void Compute_SameSeed_DrawsTheSame()
    {
        var (labels, scores) = Sample(60);
        int[] patients = [.. Enumerable.Range(0, 60).Select(i => i / 3)];

        Assert.Equal(new PatientBootstrap(labels, scores, patients).Compute(200), new PatientBootstrap(labels, scores, patients).Compute(200));
        Assert.NotEqual(new PatientBootstrap(labels, scores, patients).Compute(200), new PatientBootstrap(labels, scores, patients).Compute(200, seed: 2));
    }

    [Theory]
    [InlineData(new byte[] { 0, 0, 0 }, new[] { 0, 1, 2 })]
    [InlineData(new byte[] { 1, 0, 0 }, new[] { 0, 1, 2 })]                 // one sick patient
    [InlineData(new byte[] { 1, 1, 0, 0 }, new[] { 0, 0, 1, 2 })]           // likewise, with two images
    public void Compute_FewerThanTwoPatientsOfAClass_HasNoInterval(byte[] labels, int[] patients)
    {
        var found = new PatientBootstrap(labels, [.. labels.Select((_, i) => 0.1 * i)], patients).Compute();

        Assert.Null(found.Auroc);
        Assert.Null(found.AveragePrecision);
    }

    [Fact]
    public void Compute_NoImages_HasNoInterval() => Assert.Null(new PatientBootstrap([], [], []).Compute().Auroc);

    [Fact]
    public void Compute_SomeSamplesWithoutSick_LeavesThemOut()
    {
        byte[] labels = [1, 1, 0, 0, 0, 0, 0, 0];

        var found = new PatientBootstrap(labels, [0.9, 0.4, 0.8, 0.7, 0.3, 0.2, 0.1, 0.5], [.. Enumerable.Range(0, 8)]).Compute();

        Assert.InRange(found.Used, 800, 950);           // both missed by (6/8)^8 = 10 % of the samples
        Assert.NotNull(found.Auroc);
    }

    [Fact]
    public void Create_PatientsOfOtherLength_IsRefused() =>
        Assert.Contains("2 labels", Assert.Throws<ArgumentException>(() => new PatientBootstrap([0, 1], [0.1, 0.2], [0])).Message);

    /// <summary>A third sick, whose scores lie mostly above the others'.</summary>
    private static (byte[] Labels, double[] Scores) Sample(int count)
    {
        var random = new Random(7);
        byte[] labels = [.. Enumerable.Range(0, count).Select(i => (byte)(i % 3 == 0 ? 1 : 0))];
        return (labels, [.. labels.Select(label => Math.Round(random.NextDouble() + 0.4 * label, 3))]);
    }
}
