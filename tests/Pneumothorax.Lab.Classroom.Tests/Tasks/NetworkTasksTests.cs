using System.Text.RegularExpressions;
using static Pneumothorax.Lab.Classroom.Tests.Tasks.TaskSheets;

namespace Pneumothorax.Lab.Classroom.Tests.Tasks;

public sealed class NetworkTasksTests
{
    [Fact]
    public void Parameters_TakesKernelsAndBiases()
    {
        var sheets = Of("parameters");
        List<string[]> answers = [];
        foreach (var sheet in sheets)
        {
            var (from, to, kernel) = NumbersIn(Regex.Match(sheet.Ask, "takes maps of .*? for each").Value) is [var a, var b, var c, _] ? ((int)a, (int)b, (int)c) : default;
            answers.Add([$"{(kernel * kernel * from + 1) * to}"]);

            Assert.True(sheet.Accepts(answers[^1]));
            Assert.False(sheet.Accepts($"{kernel * kernel * from * to}"), "The biases are missing.");
            Assert.False(sheet.Accepts("about a thousand"));
        }
        DifferByStudent(sheets, answers);
    }

    [Fact]
    public void Shapes_TakesBothLayouts_AndNoOtherShape()
    {
        var sheets = Of("shapes");
        List<string[]> answers = [];
        foreach (var sheet in sheets)
        {
            var images = (int)NumbersIn(sheet.About)[^1];
            answers.Add([$"{images} × {Channels} × {Side} × {Side}", $"{Channels} × 2"]);

            Assert.True(images is not (Channels or Side), "The axes cannot be told apart.");
            Assert.True(sheet.Accepts(answers[^1]));
            Assert.True(sheet.Accepts($"({images}, {Side}, {Side}, {Channels})", $"(2, {Channels})"), "TensorFlow has the channels last.");
            Assert.False(sheet.Accepts($"{Channels} × {Side} × {Side}", $"{Channels} × 2"));
            Assert.False(sheet.Accepts($"{images} × {Channels} × {Side} × {Side}", $"{Channels} × {Channels}"));
        }
        DifferByStudent(sheets, answers);
    }
}
