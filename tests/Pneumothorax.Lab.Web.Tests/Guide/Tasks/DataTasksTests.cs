using Pneumothorax.Lab.Datasets;
using Pneumothorax.Lab.Web.Tests.Dataset;
using static System.FormattableString;
using static Pneumothorax.Lab.Classroom.Tests.Tasks.TaskSheets;

namespace Pneumothorax.Lab.Web.Tests.Guide.Tasks;

public sealed class DataTasksTests(ImageViewerTests.Phantoms phantoms) : IClassFixture<ImageViewerTests.Phantoms>
{
    private readonly Datasets.Dataset _set = phantoms.Set;

    [Fact]
    public void CountImages_TakesTheCountsOfTheSet()
    {
        var (train, file, test) = (_set[SplitName.Train].TrainingRows.Count, _set[SplitName.Train].Count, _set[SplitName.Test].Count);
        Assert.True(train < file, "Some images of this set are held out.");
        var sheets = Of("count-images", _set);
        foreach (var sheet in sheets)
        {
            var split = _set[SplitNames.All.Single(name => sheet.About.EndsWith($" {name.Word()} split", StringComparison.Ordinal))];
            var ill = split.TrainingRows.Count(split.HasPneumothorax);

            Assert.True(sheet.Accepts($"{train}", $"{test}", $"{ill}"));
            Assert.False(sheet.Accepts($"{file}", $"{test}", $"{ill}"), "Nobody learns from the held-out images.");
            Assert.Contains("held out for validation", sheet.Check([$"{file}", $"{test}", $"{ill}"]).Says, StringComparison.Ordinal);
            Assert.False(sheet.Accepts($"{test}", $"{train}", $"{ill}"));
            Assert.False(sheet.Accepts($"{train}", $"{test}", $"{ill + 1}"));
            Assert.False(sheet.Accepts($"{train}", $"{test}", ""));
        }
        Assert.True(sheets.Select(sheet => sheet.About).Distinct().Count() > 1, "Everybody counts the same split.");
    }

    [Fact]
    public void ReadLabels_TakesTheRowsOfTheFile_AndNoRowThreeTimes()
    {
        var train = _set[SplitName.Train];
        foreach (var sheet in Of("read-labels", _set))
        {
            string[] rows = [.. NumbersIn(sheet.About).Select(image => train.HasPneumothorax((int)image) ? "[0, 1]" : "[1, 0]")];

            Assert.True(sheet.Accepts(rows));
            Assert.False(sheet.Accepts([.. rows.Select(row => row == "[0, 1]" ? "[1, 0]" : "[0, 1]")]));
            Assert.False(sheet.Accepts("[1, 0]", "[1, 0]", "[1, 0]"));
            Assert.False(sheet.Accepts("[0, 1]", "[0, 1]", "[0, 1]"));
            Assert.False(sheet.Accepts("1", "0", "1"));
        }
    }

    [Fact]
    public void Epochs_CountsTheImagesLearnedFrom()
    {
        var train = _set[SplitName.Train];
        var sheets = Of("epochs", _set);
        List<string[]> answers = [];
        foreach (var sheet in sheets)
        {
            var (steps, batch) = NumbersIn(sheet.About) is [var first, var second] ? (first, second) : default;
            answers.Add([Invariant($"{steps * batch / train.TrainingRows.Count:0.00}")]);

            Assert.True(sheet.Accepts(answers[^1]));
            Assert.False(sheet.Accepts(Invariant($"{steps * batch / train.Count:0.00}")), "Held-out images are not learned from.");
            Assert.False(sheet.Accepts(Invariant($"{steps / train.TrainingRows.Count:0.00}")));
        }
        DifferByStudent(sheets, answers);
    }
}
