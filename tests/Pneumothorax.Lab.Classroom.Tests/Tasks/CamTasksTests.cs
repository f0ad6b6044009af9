using System.Globalization;
using System.Text.RegularExpressions;
using Pneumothorax.Lab.Datasets;
using Pneumothorax.Lab.Datasets.Imaging;
using Pneumothorax.Lab.Evaluation.Cam;
using Pneumothorax.Lab.Experiments.Runs;
using static Pneumothorax.Lab.Classroom.Tests.Tasks.TaskSheets;

namespace Pneumothorax.Lab.Classroom.Tests.Tasks;

public sealed class CamTasksTests
{
    [Fact]
    public void Sum_TakesTheSumOfTheArraysShown()
    {
        var sheets = Of("cam-sum");
        List<string[]> answers = [];
        foreach (var sheet in sheets)
        {
            // No two axes but rows and columns are of one length.
            var arrays = sheet.About.Split("; ")[1].Split(", ").Select(array =>
                new Regex($"{Side}").Replace(string.Concat(NumbersIn(array)), "y", 1).Replace($"{Side}", "x", StringComparison.Ordinal)
                    .Replace($"{Channels}", "k", StringComparison.Ordinal).Replace("2", "c", StringComparison.Ordinal));
            answers.Add([$"{string.Join(',', arrays)}->cyx"]);

            Assert.True(sheet.Accepts(answers[^1]));
            Assert.False(sheet.Accepts(answers[^1][0].Replace("cyx", "yx", StringComparison.Ordinal)));
            Assert.False(sheet.Accepts("the sum over k"));
        }
        DifferByStudent(sheets, answers);
    }

    [Fact]
    public void Sum_Solved_ShowsAMapThatIsNotBlack()
    {
        foreach (var sheet in Of("cam-sum"))
        {
            var reward = Assert.Single(sheet.Check([sheet.Answer]).Pictures);
            var (found, stored) = (Pixels(reward.Source), Pixels(sheet.Pictures[^1].Source));

            Assert.True(found.Max() > 180, "The picture is black.");
            Assert.InRange(found.Zip(stored, (mine, theirs) => Math.Abs(mine - theirs)).Max(), 0, 2);        // up to rounding in the sum
        }

        static byte[] Pixels(string source) =>
            ImageCodec.DecodeGrey(new MemoryStream(Convert.FromBase64String(source[(source.IndexOf(',', StringComparison.Ordinal) + 1)..]))).Pixels;
    }

    [Fact]
    public void ClassIndex_TakesTheMapWhoseMeanFitsTheLogit_OnlyWithItsIndex()
    {
        var sheets = Of("class-index");
        HashSet<string> letters = [], logits = [];
        foreach (var sheet in sheets)
        {
            var shown = NumbersIn(sheet.Ask[sheet.Ask.IndexOf("The mean of map A", StringComparison.Ordinal)..]);
            double wanted = shown[5] - shown[3], a = Math.Abs(shown[0] - wanted), b = Math.Abs(shown[1] - wanted);
            var (letter, other) = a < b ? ("A", "B") : ("B", "A");
            letters.Add(letter);

            var logit = shown[5].ToString("0.000", CultureInfo.InvariantCulture);
            logits.Add(logit);
            Assert.True(sheet.Accepts(letter, "1", logit));
            Assert.False(sheet.Accepts(other, "1", logit));
            Assert.False(sheet.Accepts(letter, "0", logit));
            Assert.False(sheet.Accepts(other, "0", logit));
            Assert.False(sheet.Accepts("", "1", logit));
            Assert.False(sheet.Accepts(letter, "", logit));
            Assert.False(sheet.Accepts(letter, "1", ""));
            Assert.False(sheet.Accepts(letter, "1", (shown[5] + 0.1).ToString(CultureInfo.InvariantCulture)));
        }
        Assert.True(logits.Count > 1, "One answer fits every student.");
        Assert.Equal(2, letters.Count);
    }

    [Fact]
    public void Upsampling_TakesThePictureMadeByTheMethod_OnlyWithTheFactor()
    {
        var sheets = Of("upsampling");
        List<string[]> answers = [];
        foreach (var sheet in sheets)
        {
            var image = (int)NumbersIn(sheet.About)[^1];
            var method = InterpolationModes.All.Single(method => sheet.Fields[1].Label.Contains(method.Word(), StringComparison.Ordinal));
            var values = method.Enlarge(Evaluated.MapOf(image, MapTarget.Difference), Side, DatasetManifest.Side);
            CamPicture.Scale(values, values.Min(), values.Max());
            var png = Convert.ToBase64String(ImageCodec.ColourPng(CamPicture.Map(values, ColourMap.Inferno), DatasetManifest.Side, DatasetManifest.Side));
            var place = sheet.Pictures.Select((picture, place) => (picture, place)).Single(item => item.picture.Source.EndsWith(png, StringComparison.Ordinal)).place;
            var letter = "ABC"[place].ToString();
            answers.Add(["64", letter]);

            Assert.True(sheet.Accepts("64", letter));
            Assert.False(sheet.Accepts("4096", letter));
            Assert.False(sheet.Accepts("64", letter == "A" ? "B" : "A"));
            Assert.False(sheet.Accepts("64", ""));
        }
        DifferByStudent(sheets, answers);
    }
}
