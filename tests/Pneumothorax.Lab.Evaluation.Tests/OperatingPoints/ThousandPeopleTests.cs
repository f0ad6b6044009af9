using FsCheck.Xunit;
using Pneumothorax.Lab.Evaluation.Metrics;
using Pneumothorax.Lab.Evaluation.OperatingPoints;

namespace Pneumothorax.Lab.Evaluation.Tests.OperatingPoints;

public sealed class ThousandPeopleTests
{
    [Fact]
    public void Of_FiveInAHundred_CountsAsTheExampleOfThePage()
    {
        var people = ThousandPeople.Of(new(48, 70, 270, 12), 0.05);

        Assert.Equal(new(40, 10, 196, 754), people);
        Assert.Equal(236, people!.CalledHas);
    }

    [Property]
    public void Of_AnyCells_IsAThousandWholePeople(byte found, byte alarms, byte clear, byte missed, byte permille)
    {
        var people = ThousandPeople.Of(new(found + 1, alarms, clear + 1, missed), (permille + 1) / 512.0);

        Assert.NotNull(people);
        Assert.Equal(1000, people.Found + people.Missed + people.FalseAlarms + people.RightlyClear);
        Assert.All([people.Found, people.Missed, people.FalseAlarms, people.RightlyClear], part => Assert.InRange(part, 0, 1000));
    }

    [Fact]
    public void Of_OneClassOnly_IsUnknown()
    {
        Assert.Null(ThousandPeople.Of(new ConfusionMatrix(0, 3, 7, 0), 0.05));
        Assert.Null(ThousandPeople.Of(new ConfusionMatrix(3, 0, 0, 7), 0.05));
    }
}
