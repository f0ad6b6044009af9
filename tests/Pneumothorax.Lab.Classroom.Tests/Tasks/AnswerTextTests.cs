using Pneumothorax.Lab.Classroom.Tasks;

namespace Pneumothorax.Lab.Classroom.Tests.Tasks;

public sealed class AnswerTextTests
{
    [Theory]
    [InlineData("step 800", "800")]
    [InlineData("Step: 800", "800")]
    [InlineData("at step 800 ", "800")]
    [InlineData("800 steps", "800")]
    [InlineData("1,441 images", "1,441")]
    [InlineData("about 0.57", "0.57")]
    [InlineData("0,57 nats", "0,57")]
    [InlineData("class [0, 1]", "[0, 1]")]
    // A word that changes the number stays, so that nothing else is read than what was meant.
    [InlineData("35 percent", "35 percent")]
    [InlineData("minus 3", "minus 3")]
    [InlineData("2 thousand", "2 thousand")]
    [InlineData("128 x 8 x 8", "128 x 8 x 8")]
    [InlineData("1e-3", "1e-3")]
    [InlineData("steps", "steps")]
    public void WordsAroundANumber_AreLeftOut(string typed, string read) => Assert.Equal(read, AnswerText.Of(typed, new("Step")));

    [Fact]
    public void Code_StaysAsItIs() => Assert.Equal("step,images->k", AnswerText.Of(" step,images->k ", new("Expression", IsCode: true)));
}
