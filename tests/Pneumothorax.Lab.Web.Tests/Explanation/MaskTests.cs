using Bunit;
using Pneumothorax.Lab.Datasets;
using Pneumothorax.Lab.Evaluation.Cam;
using Pneumothorax.Lab.Evaluation.Localization;
using Pneumothorax.Lab.Evaluation.Tests;
using Pneumothorax.Lab.Experiments.Recording;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Runs.Results;
using Pneumothorax.Lab.Web.Explanation;
using Pneumothorax.Lab.Web.Recordings;
using Pneumothorax.Lab.Web.Shared.Controls;
using Pneumothorax.Lab.Web.Shared.Pins;

namespace Pneumothorax.Lab.Web.Tests.Explanation;

/// <summary>The true outline is drawn wherever the true box is, and maps are scored with it.</summary>
public sealed class MaskTests : BunitContext, IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lab-masks-");
    private readonly DatasetStore _store;
    private readonly ImageSplit _test;
    private readonly DatasetManifest _manifest;
    private readonly string _labels;

    public MaskTests()
    {
        JSInterop.Mode = JSRuntimeMode.Loose;
        ComponentFactories.AddStub<PinButton>();        // it needs the class's database
        _store = new(_folder.FullName);
        DrawnPhantoms.CopyTo(_folder.FullName, "phantoms");
        _manifest = _store.Find("phantoms")!;
        _test = _store.Open("phantoms")[SplitName.Test];
        _labels = string.Concat(Enumerable.Range(0, _test.Count).Select(index => _test.HasPneumothorax(index) ? '1' : '0'));
        Sick = _labels.IndexOf('1', StringComparison.Ordinal);
        Well = _labels.IndexOf('0', StringComparison.Ordinal);
    }

    private int Sick { get; }

    private int Well { get; }

    void IDisposable.Dispose()
    {
        Dispose();
        _store.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public void Explanation_DrawsTheOutlineOfTheMask_AndNoneWithoutAPneumothorax()
    {
        Assert.Equal(_test.Mask(Sick)!.Outline(), Show(Sick).Find("path.true-mask").GetAttribute("d"));
        Assert.Empty(Show(Well).FindAll("path.true-mask"));
    }

    [Fact]
    public void Explanation_OfImagesThatComeLater_DrawsTheOutlineThen()
    {
        var page = Show(Sick, test: null);
        Assert.Empty(page.FindAll("path.true-mask"));

        page.Render(parameters => parameters.Add(view => view.Test, _test).Add(view => view.Manifest, _manifest));

        Assert.Single(page.FindAll("path.true-mask"));
    }

    [Fact]
    public async Task RecordedFilms_DrawTheOutline_OnceItIsAskedFor()
    {
        var folder = new RunFolder(Path.Combine(_folder.FullName, "run"));
        Directory.CreateDirectory(folder.Path);
        var maps = new RecordedMaps("test", 2, [new(Sick, 0.7, [1, 0, 0, 0]), new(Well, 0.2, [0, 0, 0, 0])]);
        File.WriteAllText(folder.RecordingsPath, new RecordedMoment { Step = 0, Maps = maps }.Line() + "\n");
        var recording = new RunRecording(folder);
        await recording.RefreshAsync(Xunit.TestContext.Current.CancellationToken);
        var films = Render<RecordedMapsPicture>(parameters => parameters
            .Add(picture => picture.RunId, 18).Add(picture => picture.Recording, recording).Add(picture => picture.XRays, new(_manifest, SplitName.Test, _test)));
        Assert.Empty(films.FindAll("path.true-mask"));

        films.FindAll("label").Single(label => label.TextContent.Contains("True box and outline", StringComparison.Ordinal)).QuerySelector("input")!.Change(true);

        Assert.Equal(_test.Mask(Sick)!.Outline(), Assert.Single(films.FindAll("path.true-mask")).GetAttribute("d"));
        Assert.Single(films.FindAll("rect.true-box"));
    }

    [Fact]
    public void Localization_ScoresRegionsByTheMask_PixelByPixel()
    {
        // The map is high on the left half: the region is what of the enlarged map reaches half of it.
        var evaluation = SampleEvaluations.Of(_labels, scores: [.. _labels.Select(_ => 0.9)], cam: (_, _, column) => column < 2 ? 1 : 0);

        var found = SetLocalization.Of(evaluation, _test, threshold: 0.5, level: 50, MapTarget.Difference, Xunit.TestContext.Current.CancellationToken);

        var region = SetLocalization.Predict(evaluation.File.MapOf(Sick, MapTarget.Difference), evaluation.File.MapSize, 50)!.Inside;
        List<double> overlaps = [];
        for (var index = 0; index < _test.Count; index++)
        {
            if (_test.Mask(index) is not { } mask) continue;
            var inside = mask.Inside.ToArray();
            overlaps.Add((double)region.Zip(inside).Count(pair => pair is (true, true)) / region.Zip(inside).Count(pair => pair is not (false, false)));
        }
        Assert.Equal(overlaps.Count, found.Masks!.Count);
        Assert.Equal(overlaps.Average(), found.Masks.IoU.Mean, 9);
        Assert.NotEqual(found.Summary!.IoU.Mean, found.Masks.IoU.Mean, 3);
    }

    private IRenderedComponent<ExplanationView> Show(int index) => Show(index, _test);

    private IRenderedComponent<ExplanationView> Show(int index, ImageSplit? test) =>
        Render<ExplanationView>(parameters => parameters
            .Add(view => view.RunId, 18).Add(view => view.Evaluation, SampleEvaluations.Of(_labels, scores: [.. _labels.Select(_ => 0.9)]))
            .Add(view => view.Manifest, test is null ? null : _manifest).Add(view => view.Test, test).Add(view => view.Problem, "Not there yet.")
            .Add(view => view.Address, new() { Index = index }));
}
