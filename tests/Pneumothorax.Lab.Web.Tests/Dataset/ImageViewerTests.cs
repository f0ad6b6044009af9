using Bunit;
using Bunit.TestDoubles;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;
using Pneumothorax.Lab.Classroom.Coursework;
using Pneumothorax.Lab.Datasets;
using Pneumothorax.Lab.Datasets.Viewing;
using Pneumothorax.Lab.Web.Dataset;
using Pneumothorax.Lab.Web.Shared.Controls;
using Pneumothorax.Lab.Web.Shared.Pins;

namespace Pneumothorax.Lab.Web.Tests.Dataset;

public sealed class ImageViewerTests : BunitContext, IClassFixture<ImageViewerTests.Phantoms>
{
    private readonly Datasets.Dataset _set;

    public ImageViewerTests(Phantoms phantoms)
    {
        _set = phantoms.Set;
        ComponentFactories.AddStub<PinButton>();        // it needs the class's database
        Services.AddScoped<ToldLabels>();
        JSInterop.SetupVoid("lab.address", _ => true).SetVoidResult();
    }

    private IRenderedComponent<ImageViewer> Viewer(int index = 0, LabelFilter label = LabelFilter.All) =>
        Render<ImageViewer>(viewer => viewer.Add(v => v.Set, _set).Add(v => v.Index, index).Add(v => v.Label, label));

    private int FirstPositive => Enumerable.Range(0, _set[SplitName.Train].Count).First(_set[SplitName.Train].HasPneumothorax);

    /// <summary>With an image before and behind it, which a reader may have read.</summary>
    private int InnerPositive => Enumerable.Range(1, _set[SplitName.Train].Count - 2).First(_set[SplitName.Train].HasPneumothorax);

    private string Written => JSInterop.Invocations["lab.address"][^1].Arguments[0]!.ToString()!;

    private static void Guessing(IRenderedComponent<ImageViewer> viewer, bool on) => viewer.FindAll("input[role=switch]")[0].Change(on);

    private static string Picture(IRenderedComponent<ImageViewer> viewer) => viewer.Find(".film img").GetAttribute("src")!;

    [Fact]
    public void Image_Shown_SaysItsLabelInWordsAndAsTheFileStoresIt()
    {
        var viewer = Viewer(FirstPositive);

        Assert.Equal("HAS pneumothorax", viewer.Find(".answer").TextContent);
        Assert.Equal("[0, 1]", viewer.Find(".label-row code").TextContent);
        Assert.Equal($"/api/datasets/phantoms/train/{FirstPositive}.png", Picture(viewer));
    }

    [Fact]
    public void Keys_OnTheFilm_GoThroughTheImagesAndWriteTheAddress()
    {
        var viewer = Viewer(3);
        viewer.Find(".film-side").KeyDown(new KeyboardEventArgs { Key = "ArrowRight" });
        viewer.Find(".film-side").KeyDown(new KeyboardEventArgs { Key = "PageUp" });

        Assert.Equal("/api/datasets/phantoms/train/14.png", Picture(viewer));
        Assert.Contains("index = 14", JSInterop.Invocations["lab.address"][^1].Arguments[0]!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Filter_HasOnly_StepsFromOnePositiveToTheNext()
    {
        var train = _set[SplitName.Train];
        var second = Enumerable.Range(FirstPositive + 1, train.Count - FirstPositive - 1).First(train.HasPneumothorax);
        var viewer = Viewer(FirstPositive, LabelFilter.Has);

        viewer.Find("button[aria-label='INDEX: more']").Click();

        Assert.Equal($"/api/datasets/phantoms/train/{second}.png", Picture(viewer));
    }

    [Fact]
    public void Pin_NamesTheImageOnScreen_ButNotALabelThatIsStillToBeGuessed()
    {
        var viewer = Viewer(FirstPositive);
        PinnedView Seen() => viewer.FindComponent<Stub<PinButton>>().Instance.Parameters.Get(pin => pin.View);
        Assert.Equal($"/data/phantoms?split=train&index={FirstPositive}", Seen().Address);
        Assert.Contains($"Training image {FirstPositive}, HAS pneumothorax", Seen().Title, StringComparison.Ordinal);
        Assert.EndsWith("synthetic", Seen().Title, StringComparison.Ordinal);

        viewer.Find("input[role=switch]").Change(true);

        Assert.DoesNotContain("HAS", Seen().Title, StringComparison.Ordinal);
    }

    [Fact]
    public void Guessing_UntilAnswered_KeepsTheLabelToItself()
    {
        var viewer = Viewer(InnerPositive - 1);
        Guessing(viewer, true);
        Assert.DoesNotContain("HAS pneumothorax", viewer.Markup, StringComparison.Ordinal);

        viewer.Find(".guess button").Click();

        Assert.Equal("HAS pneumothorax", viewer.Find(".answer").TextContent);
        Assert.Contains("1 of 1 right so far.", viewer.Markup, StringComparison.Ordinal);
    }

    /// <summary>Whatever the image shows, the page is the same up to its number, its pixels, and what was known before anybody read it.</summary>
    [Fact]
    public void Guessing_UntilAnswered_TellsNothingAnywhere()
    {
        var train = _set[SplitName.Train];
        string[] neutral = [AttributeNames.View, AttributeNames.Sex, AttributeNames.Age];
        var viewer = Render<ImageViewer>(parameters => parameters.Add(v => v.Set, _set).Add(v => v.GuessFirst, true).Add(v => v.Outline, true).Add(v => v.Label, LabelFilter.Has));
        HashSet<string> legends = [];
        for (var index = 0; index < train.Count; index++)
        {
            if (index > 0) viewer.Find(".film-side").KeyDown(new KeyboardEventArgs { Key = "ArrowRight" });

            Assert.Equal($"/api/datasets/phantoms/train/{index}.png", Picture(viewer));
            Assert.Empty(viewer.FindAll("path.true-mask, rect.true-box, path.casing.thin"));
            Assert.All(["Chest drain", "[0, 1]", "[1, 0]", "Note"], word => Assert.DoesNotContain(word, viewer.Markup, StringComparison.Ordinal));
            var facts = viewer.FindAll("dl dt").Select(fact => fact.TextContent.Trim()).ToList();
            Assert.All(facts, fact => Assert.Contains(fact, (string[])["Size", "Grey values", "View", "Patient", "Used for"]));
            var told = viewer.FindAll("dl dd").Select(fact => fact.TextContent.Trim()).ToHashSet();
            Assert.All(train.Attributes(index).Where(fact => !neutral.Contains(fact.Key)), fact => Assert.DoesNotContain(fact.Value, told));
            Assert.Equal($"Chest X-ray, training image {index}", viewer.Find(".film img").GetAttribute("alt"));
            legends.Add(viewer.Find(".outline-row .legend").TextContent.Trim());
            Assert.All(JSInterop.Invocations["lab.address"], call => Assert.Contains("label = ,", call.Arguments[0]!.ToString(), StringComparison.Ordinal));
        }
        Assert.Equal(["Shown after your guess."], legends);
    }

    [Fact]
    public void Guessing_FromAFilter_GoesFarFromTheImagesWhoseLabelItTold()
    {
        var viewer = Viewer(FirstPositive, LabelFilter.Has);

        viewer.FindAll("input[role=switch]")[0].Change(true);

        Assert.Equal($"/api/datasets/phantoms/train/{(FirstPositive + (_set[SplitName.Train].Count / 2)) % _set[SplitName.Train].Count}.png", Picture(viewer));
        Assert.Contains("label = ,", JSInterop.Invocations["lab.address"][^1].Arguments[0]!.ToString(), StringComparison.Ordinal);
        Assert.Contains("guess = first", JSInterop.Invocations["lab.address"][^1].Arguments[0]!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Guessing_SwitchedOnBesideALabel_GoesToAnImageThatWasNotReadAndSaysSo()
    {
        var (before, positive) = (InnerPositive - 1, InnerPositive);
        var viewer = Viewer(positive);
        viewer.Find(".film-side").KeyDown(new KeyboardEventArgs { Key = "ArrowLeft" });

        Guessing(viewer, true);

        Assert.Equal($"/api/datasets/phantoms/train/{positive + 1}.png", Picture(viewer));
        Assert.Equal("What is your guess?", viewer.Find(".answer").TextContent);
        Assert.Contains($"You saw the label of image {before}, so here is image {positive + 1}.", viewer.Find(".label-row").TextContent, StringComparison.Ordinal);

        // Switched off, the label of this image is on the page as well.
        Guessing(viewer, false);
        Guessing(viewer, true);
        Assert.Equal($"/api/datasets/phantoms/train/{positive + 2}.png", Picture(viewer));
    }

    [Fact]
    public void Guessing_BackAtAnImageThatWasRead_AsksNothing()
    {
        var viewer = Viewer(InnerPositive);
        Guessing(viewer, true);
        Assert.Contains("guess = first", Written, StringComparison.Ordinal);

        viewer.Find(".film-side").KeyDown(new KeyboardEventArgs { Key = "ArrowLeft" });

        Assert.Equal("HAS pneumothorax", viewer.Find(".answer").TextContent);
        Assert.Contains("on the page before", viewer.Find(".label-row").TextContent, StringComparison.Ordinal);
        Assert.Empty(viewer.FindAll(".guess"));
        Assert.Contains("guess = next", Written, StringComparison.Ordinal);
    }

    [Fact]
    public void Guessing_PageOpenedAnewAfterAnAnswer_DoesNotAskAgain()
    {
        var viewer = Viewer(InnerPositive - 1);
        Guessing(viewer, true);
        viewer.Find(".guess button").Click();
        Assert.Contains("guess = next", Written, StringComparison.Ordinal);

        using var again = new BunitContext();
        again.ComponentFactories.AddStub<PinButton>();
        again.Services.AddScoped<ToldLabels>();
        again.JSInterop.SetupVoid("lab.address", _ => true).SetVoidResult();
        var opened = again.Render<ImageViewer>(page => page.Add(v => v.Set, _set).Add(v => v.Index, InnerPositive).Add(v => v.GuessFirst, true).Add(v => v.Told, true));

        Assert.Equal("HAS pneumothorax", opened.Find(".answer").TextContent);
        opened.FindAll("button").Single(button => button.TextContent == "Next image").Click();
        Assert.Equal("What is your guess?", opened.Find(".answer").TextContent);
    }

    [Fact]
    public void Guessing_FiltersThatTell_AreOffAndSaySo()
    {
        var viewer = Viewer(InnerPositive);
        Assert.Empty(viewer.FindAll("input[type=radio][disabled]"));

        Guessing(viewer, true);

        Assert.Equal(["HAS", "Does not"], viewer.FindAll("label:has(input[disabled])").Select(label => label.TextContent.Trim()));
        Assert.Contains("HAS and Does not would tell the label", viewer.Find(".filters-off").TextContent, StringComparison.Ordinal);
        Guessing(viewer, false);
        Assert.Empty(viewer.FindAll("input[type=radio][disabled], .filters-off"));
    }

    [Fact]
    public void Guessing_EveryLabelRead_SaysThatNothingIsLeft()
    {
        var told = Services.GetRequiredService<ToldLabels>();
        for (var index = 0; index < _set[SplitName.Train].Count; index++) told.Add(_set, SplitName.Train, index);
        var viewer = Viewer(FirstPositive);

        Guessing(viewer, true);

        Assert.Contains("You have seen the label of every training image.", viewer.Find(".label-row").TextContent, StringComparison.Ordinal);
        viewer.FindAll(".choice")[0].QuerySelectorAll("input")[1].Change("on");
        Assert.Equal("What is your guess?", viewer.Find(".answer").TextContent);
    }

    [Fact]
    public void Guessing_Answered_ShowsVerdictOutlineAndFacts()
    {
        var viewer = Viewer(InnerPositive - 1);
        Guessing(viewer, true);

        viewer.Find(".guess button:last-child").Click();

        Assert.Contains("You were wrong.", viewer.Find(".label-row").TextContent, StringComparison.Ordinal);
        Assert.Equal(_set[SplitName.Train].Mask(InnerPositive)!.Outline(), viewer.Find("path.true-mask").GetAttribute("d"));
        Assert.Equal("Outline of the pneumothorax", viewer.Find(".outline-row .legend").TextContent.Trim());
        Assert.Contains("Chest drain", viewer.Markup, StringComparison.Ordinal);

        viewer.FindAll("button").Single(button => button.TextContent == "Next image").Click();

        Assert.Empty(viewer.FindAll("path.true-mask"));
        Assert.Equal("What is your guess?", viewer.Find(".answer").TextContent);
    }

    [Fact]
    public void Guessing_Score_IsOfTheLastTenImages_AndAnImageCountsOnce()
    {
        var guesses = new Guesses();
        for (var i = 0; i < 4; i++) guesses.Add(SplitName.Train, i, said: true, has: i > 1);
        guesses.Add(SplitName.Train, 3, said: true, has: true);
        Assert.Equal("2 of 4 right so far.", guesses.Score);

        for (var i = 4; i < 12; i++) guesses.Add(SplitName.Train, i, said: false, has: false);

        Assert.Equal("10 of the last 10 right.", guesses.Score);
        Assert.Null(guesses.Of(SplitName.Test, 3));
    }

    [Fact]
    public void Outline_SwitchedOn_ShowsTheMaskAndStandsInTheAddress()
    {
        var viewer = Viewer(FirstPositive);
        Assert.Empty(viewer.FindAll("path.true-mask"));

        viewer.Find(".film-side").KeyDown(new KeyboardEventArgs { Key = "o" });

        Assert.Equal(_set[SplitName.Train].Mask(FirstPositive)!.Outline(), viewer.Find("path.true-mask").GetAttribute("d"));
        Assert.EndsWith(", outlined", viewer.Find(".film img").GetAttribute("alt"), StringComparison.Ordinal);
        Assert.Contains("outline = on", JSInterop.Invocations["lab.address"][^1].Arguments[0]!.ToString(), StringComparison.Ordinal);
        viewer.FindAll("input[role=switch]")[1].Change(false);
        Assert.Empty(viewer.FindAll("path.true-mask"));
    }

    [Fact]
    public void Outline_OfAnImageWithout_SaysSo()
    {
        var train = _set[SplitName.Train];
        var well = Enumerable.Range(0, train.Count).First(index => !train.HasPneumothorax(index));

        var viewer = Render<ImageViewer>(parameters => parameters.Add(v => v.Set, _set).Add(v => v.Index, well).Add(v => v.Outline, true));

        Assert.Equal("No pneumothorax, so there is no outline.", viewer.Find(".outline-row .legend").TextContent.Trim());
    }

    [Fact]
    public void Index_BeyondTheSplit_ShowsItsLastImage()
    {
        var viewer = Viewer(9999);
        Assert.Equal($"/api/datasets/phantoms/train/{_set[SplitName.Train].Count - 1}.png", Picture(viewer));
    }

    public sealed class Phantoms : IDisposable
    {
        private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lab-viewer-");
        private readonly DatasetStore _store;

        public Phantoms()
        {
            _store = new(_folder.FullName);
            DrawnPhantoms.CopyTo(_folder.FullName, "phantoms");
            Set = _store.Open("phantoms");
        }

        public Datasets.Dataset Set { get; }

        public void Dispose()
        {
            _store.Dispose();
            _folder.Delete(recursive: true);
        }
    }
}
