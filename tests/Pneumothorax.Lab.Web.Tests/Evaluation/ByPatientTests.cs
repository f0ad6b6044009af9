using Bunit;
using Microsoft.Extensions.DependencyInjection;
using Pneumothorax.Lab.Datasets;
using Pneumothorax.Lab.Evaluation;
using Pneumothorax.Lab.Evaluation.Tests;
using Pneumothorax.Lab.Web.Evaluation;
using Pneumothorax.Lab.Web.Shared.Controls;

namespace Pneumothorax.Lab.Web.Tests.Evaluation;

/// <summary>On the phantoms of a portal, whose patients have one to a few images each.</summary>
public sealed class ByPatientTests(TestPortal portal) : IClassFixture<TestPortal>
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task KnownPatients_GiveAnIntervalAndSayHowMany()
    {
        var (labels, patients, hash) = Test();
        Assert.InRange(patients, 2, labels.Length - 1);
        double[] scores = [.. labels.Select((label, i) => 0.3 + 0.2 * (label - '0') + 0.37 * i % 0.4)];
        await using var context = Context();

        var line = context.Render<ByPatient>(parameters => parameters.Add(one => one.Evaluation, SampleEvaluations.Of(labels, scores: scores, dataset: "phantom", dataHash: hash)));

        line.WaitForAssertion(() => Assert.Contains($"({patients} patients, {labels.Length} images)", line.Markup, StringComparison.Ordinal), s_patience);
        Assert.Matches("AUROC 0[.][0-9]{3} to [01][.][0-9]{3}, average precision", line.Markup);
        Assert.Contains("may be wider than DeLong's", line.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnotherDataSetOfThatName_IsNotTakenForIt()
    {
        var (labels, _, _) = Test();
        await using var context = Context();

        var line = context.Render<ByPatient>(parameters => parameters.Add(one => one.Evaluation, SampleEvaluations.Of(labels, dataset: "phantom", dataHash: "another")));

        line.WaitForAssertion(() => Assert.Contains("It is not known which images are of the same patient", line.Markup, StringComparison.Ordinal), s_patience);
    }

    [Fact]
    public async Task OneClass_SaysWhatItTakes()
    {
        var (labels, _, hash) = Test();
        await using var context = Context();

        var line = context.Render<ByPatient>(parameters => parameters.Add(one => one.Evaluation, SampleEvaluations.Of(new('0', labels.Length), scores: new double[labels.Length], dataset: "phantom", dataHash: hash)));

        line.WaitForAssertion(() => Assert.Contains("There is no interval by patient: it needs at least two patients", line.Markup, StringComparison.Ordinal), s_patience);
    }

    private (string Labels, int Patients, string Hash) Test()
    {
        var store = portal.Services.GetRequiredService<DatasetStore>();
        var test = store.Open("phantom")[SplitName.Test];
        return (
            string.Concat(Enumerable.Range(0, test.Count).Select(i => test.HasPneumothorax(i) ? '1' : '0')),
            Enumerable.Range(0, test.Count).Select(i => test.Attributes(i)[AttributeNames.Patient]).Distinct().Count(),
            store.Find("phantom")!.Hash);
    }

    private BunitContext Context()
    {
        var context = new BunitContext();
        context.Services.AddSingleton(portal.Services.GetRequiredService<PatientDoubts>()).AddSingleton(TimeProvider.System);
        return context;
    }
}
