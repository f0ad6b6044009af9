using Pneumothorax.Lab.Classroom.Guide.Figures;

namespace Pneumothorax.Lab.Classroom.Tests.Guide.Figures;

public sealed class ValleyTests
{
    [Fact]
    public void FirstStep_OfEachRule_IsWhatTheFormulaSays()
    {
        const double rate = 0.05, momentum = 0.9;
        double gx = Valley.Along * Valley.Start.X, gy = Valley.Across * Valley.Start.Y;

        Assert.Equal(new(Valley.Start.X - rate * gx, Valley.Start.Y - rate * gy), Valley.Path(StepRule.Plain, rate, momentum, 1)[1]);
        Assert.Equal(Valley.Path(StepRule.Plain, rate, momentum, 1)[1], Valley.Path(StepRule.Momentum, rate, momentum, 1)[1]);
        // Nesterov looks ahead at once: g + m g.
        Assert.Equal(Valley.Start.X - rate * 1.9 * gx, Valley.Path(StepRule.Nesterov, rate, momentum, 1)[1].X, 12);
    }

    [Fact]
    public void Paths_WithoutMomentum_AreAllTheSame()
    {
        var plain = Valley.Path(StepRule.Plain, 0.03, 0, 30);

        Assert.Equal(plain, Valley.Path(StepRule.Momentum, 0.03, 0, 30));
        Assert.Equal(plain, Valley.Path(StepRule.Nesterov, 0.03, 0, 30));
    }

    [Theory]
    [InlineData(StepRule.Plain, 0.9)]
    [InlineData(StepRule.Momentum, 0.9)]
    [InlineData(StepRule.Nesterov, 0.9)]
    [InlineData(StepRule.Momentum, 0.5)]
    [InlineData(StepRule.Nesterov, 0.99)]
    public void LargestRate_PartsTheWalksThatComeDownFromThoseThatClimbOut(StepRule rule, double momentum)
    {
        var largest = Valley.LargestRate(rule, momentum);

        Assert.True(Valley.Path(rule, 0.98 * largest, momentum, 5000)[^1].Loss < 0.01 * Valley.Start.Loss);
        Assert.True(Math.Abs(Valley.Path(rule, 1.02 * largest, momentum, 500)[^1].Y) > 100 * Valley.Start.Y);
    }
}
