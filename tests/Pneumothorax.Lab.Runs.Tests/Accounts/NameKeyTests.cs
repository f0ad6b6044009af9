using Pneumothorax.Lab.Storage.Names;

namespace Pneumothorax.Lab.Runs.Tests.Accounts;

public sealed class NameKeyTests
{
    [Theory]
    [InlineData("Émile", "émile")]
    [InlineData("Zoë", "ZOË")]
    [InlineData("Zoë", "Zoe\u0308")]                       // one character, and a letter with a mark
    [InlineData("Alice", "Al\u200Bice")]                   // a space of no width
    [InlineData("Alice", "\uFF21\uFF4C\uFF49\uFF43\uFF45")]        // wide letters
    [InlineData("Alice", "\u0410lice")]                    // a Cyrillic A
    [InlineData("Sophia", "\u0405ophi\u0430")]             // Cyrillic letters at both ends
    [InlineData("Weiß", "WEISS")]
    [InlineData("Νίκος", "ΝΊΚΟΣ")]                         // a final sigma, and none
    [InlineData("İrem", "i\u0307rem")]
    [InlineData("Philipp", "\U0001D4DFhilipp")]            // a letter of mathematics
    [InlineData("Bob 0", "Bob O")]
    [InlineData("각", "\u1100\u1161\u11A8")]               // a Hangul syllable, and its parts
    [InlineData("Phuc\u0323\u0302", "Phuc\u0302\u0323")]  // marks in another order
    [InlineData("ﬁnn", "FINN")]
    public void NamesThatAreReadAsOne_HaveOneKey(string name, string other) => Assert.Equal(NameKey.Of(name), NameKey.Of(other));

    [Theory]
    [InlineData("Emile", "Émile")]
    [InlineData("Mira", "Mika")]
    [InlineData("Student 1", "Student 2")]
    [InlineData("Jo Anna", "Joanna")]
    [InlineData("山田太郎", "山田次郎")]
    [InlineData("김민준", "김민중")]
    [InlineData("Ола", "Оля")]
    [InlineData("علي", "علا")]
    public void NamesThatAreReadAsTwo_HaveTwoKeys(string name, string other) => Assert.NotEqual(NameKey.Of(name), NameKey.Of(other));

    [Theory]
    [InlineData("\u200B\u2060")]
    [InlineData("\u3164")]      // a Hangul filler counts as a letter, and shows nothing
    public void NameOfWhichNothingIsSeen_HasAnEmptyKey(string name) => Assert.Equal("", NameKey.Of(name));

    [Fact]
    public void HalfOfACharacter_HasAKeyThatCanBeStored() => Assert.True(NameKey.Of("A\uD800").IsNormalized());
}
